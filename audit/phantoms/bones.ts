/** The bones in a chest X-ray: ribs, clavicles, spine, shoulder blades, upper arms. */
import { openCurve, smoothStep, tubeOutline } from './curves.ts';
import type { Point } from '../imaging/polygon.ts';
import { chestWall, spineAt } from './patient.ts';
import type { Patient, Side } from './patient.ts';
import type { Random } from '../../models/random.ts';
import { cortical, solid } from './tube.ts';
import type { Tube } from './tube.ts';

const RIB = cortical(0.35, 0.82);
const VERTEBRA = (s: number): number => {
  const a = Math.abs(s);
  return (0.72 + 0.28 * smoothStep(0.62, 0.92, a)) * (1 - smoothStep(0.93, 1, a));
};

/**
 * A rib: part of a ring in a tilted plane, from the spine round the side to the front. It attenuates more
 * where it runs along the rays, which it does most at the side of the chest.
 */
function rib(patient: Patient, side: Side, index: number, random: Random): Tube {
  const apex = patient.apex + 0.03;
  const spacing = (patient.base[0] - apex) / 10.6;
  const start = apex + index * spacing * (0.92 + 0.008 * index) + 0.003 * random.boundedNormal();
  const drop = Math.min(0.1 + 0.035 * index, 0.27) * patient.ribDrop;
  const narrow = [0.6, 0.84, 0.95][index] ?? 1;
  const width = (chestWall(patient, side, start + drop / 2) + 0.005) * narrow;
  const depth = 0.62 * width;
  const hump = 0.014 + 0.004 * random.boundedNormal();
  // The bone ends where the cartilage begins; the lowest ribs do not reach the front.
  const end = Math.PI * (index === 0 ? 0.86 : index < 7 ? 0.8 - 0.012 * index : 0.62);
  const steps = 26;
  const line: Point[] = [];
  const halfWidth: number[] = [];
  const weight: number[] = [];
  const thick = 0.0105 * (1 + 0.05 * random.boundedNormal()) * patient.scale;
  for (let k = 0; k <= steps; k += 1) {
    const phi = 0.1 + ((end - 0.1) * k) / steps;
    const x = spineAt(patient, start) + side * width * Math.sin(phi);
    const lift = phi < Math.PI / 2 ? hump * Math.sin(2 * phi) : 0;
    const y = start + (drop * (1 - Math.cos(phi))) / 2 - lift;
    line.push(patient.place(x + (phi > Math.PI / 2 ? patient.turn * -Math.cos(phi) : 0), y));
    const flat = Math.hypot(width * Math.cos(phi), (drop / 2) * Math.sin(phi));
    const slant = Math.hypot(flat, depth * Math.sin(phi)) / flat;
    const fade = 1 - smoothStep(0.72, 1, k / steps);
    const front = 1 - 0.4 * smoothStep(0.5, 0.75, phi / Math.PI);
    halfWidth.push(thick * (index === 0 ? 1.15 : 1) * (phi > Math.PI / 2 ? 1.12 : 1));
    weight.push(0.34 * front * fade * Math.min(slant, 1.9) * smoothStep(0, 0.12, k / steps));
  }
  return { line, halfWidth, weight, profile: RIB };
}

/** Ten pairs of ribs. */
export function ribs(patient: Patient, random: Random): Tube[] {
  const sides: readonly Side[] = [-1, 1];
  return sides.flatMap((side) =>
    Array.from({ length: 10 }, (_, index) => rib(patient, side, index, random)),
  );
}

/** Returns a clavicle's outline, which is also the outline of its mask, and its half width in the middle. */
export function clavicle(
  patient: Patient,
  side: Side,
  random: Random,
): { outline: Point[]; halfWidth: number } {
  const lift = patient.shoulders + patient.shoulderTilt * side;
  const bend = 0.006 + 0.006 * random.boundedNormal();
  const thick = 0.0135 * patient.scale * (1 + 0.08 * random.boundedNormal());
  const inner = 0.04 + 0.004 * random.boundedNormal();
  const low = patient.apex + 0.13 + 0.012 * random.boundedNormal();
  const reach = 0.345 + 0.012 * random.boundedNormal();
  // Keeps the outer end under the skin of the shoulder.
  const steep = Math.min(0.09 + 0.012 * random.boundedNormal() - lift, low - 0.1 - lift);
  const rise = [0, 0.06, 0.34, 0.7, 0.9, 1, 0.96];
  const line = [0, 0.1, 0.25, 0.45, 0.66, 0.84, 1].map((t, i): Point => {
    const front = patient.turn * 2 * (1 - t);
    const curve = bend * Math.sin(Math.PI * t * 1.5);
    return patient.place(
      side * (inner + t * (reach - inner)) + front,
      low - steep * rise[i] + curve + (t > 0.9 ? 0.004 : 0),
    );
  });
  const halfWidth = (t: number): number =>
    thick * (1 + 0.45 * (1 - smoothStep(0, 0.22, t)) + 0.25 * smoothStep(0.75, 1, t));
  return { outline: tubeOutline(openCurve(line, 4), halfWidth), halfWidth: thick };
}

/** Vertebral bodies with their discs, pedicles and spinous processes. */
export function spine(patient: Patient, random: Random): Tube[] {
  const tubes: Tube[] = [];
  let y = -0.05;
  while (y < 1.05) {
    const height = (0.034 + 0.03 * smoothStep(0, 0.9, y)) * (1 + 0.03 * random.boundedNormal());
    const wide = (0.031 + 0.012 * smoothStep(0, 0.9, y)) * patient.scale;
    const x = spineAt(patient, y + height / 2);
    const weight = 0.2 + 0.18 * y;
    const body = [0.03, 0.12, 0.3, 0.5, 0.7, 0.88, 0.97];
    tubes.push({
      line: body.map((t) => patient.place(x, y + t * height)),
      // A vertebral body is narrower in the middle than at its end plates.
      halfWidth: body.map((t) => wide * (1 - 0.12 * Math.sin(Math.PI * t))),
      weight: body.map((t) => weight * (t < 0.1 || t > 0.9 ? 1.1 : 0.9)),
      profile: VERTEBRA,
    });
    for (const side of [-1, 1]) {
      const [px, py] = [x + side * wide * 0.62, y + height * 0.36];
      tubes.push({
        line: [-0.14, 0, 0.14].map((t) => patient.place(px, py + t * height)),
        halfWidth: [0.0045, 0.006, 0.0045],
        weight: [0.1, 0.14, 0.1],
        profile: cortical(0.1, 0.7),
      });
      // The transverse process of the vertebra, which points to the neck of the rib.
      tubes.push({
        line: [0.8, 1.25, 1.75].map((t) =>
          patient.place(x + side * wide * t, y + height * (0.4 - 0.12 * t)),
        ),
        halfWidth: [0.0075, 0.007, 0.005],
        weight: [0.08, 0.15, 0.05],
        profile: cortical(0.4, 0.8),
      });
    }
    tubes.push({
      line: [0.55, 0.75, 1].map((t) => patient.place(x, y + t * height)),
      halfWidth: [0.004, 0.0055, 0.0045],
      weight: [0.08, 0.16, 0.12],
      profile: solid,
    });
    y += height;
  }
  return tubes;
}

/** The edges of a shoulder blade, the socket of the shoulder joint, and the bone of the upper arm. */
export function shoulder(patient: Patient, side: Side, random: Random): Tube[] {
  const lift = patient.shoulders + patient.shoulderTilt * side;
  const away = 0.012 * random.boundedNormal() + 0.012;
  const at = (points: readonly Point[]): Point[] =>
    openCurve(
      points.map(([x, y]) => patient.place(side * (x + away), y + lift)),
      4,
    );
  const edge = (points: readonly Point[], width: number, weight: number): Tube => {
    const line = at(points);
    const last = line.length - 1;
    return {
      line,
      halfWidth: line.map(() => width),
      weight: line.map((_, i) => weight * smoothStep(0, 0.2, Math.min(i, last - i) / last)),
      profile: cortical(0.5, 0.75),
    };
  };
  const socket: Point[] = Array.from({ length: 9 }, (_, i): Point => {
    const a = (i / 8) * 2 * Math.PI;
    return [0.405 + 0.016 * Math.cos(a), 0.2 + 0.035 * Math.sin(a)];
  });
  const arm = at([
    [0.445, 0.165],
    [0.452, 0.195],
    [0.462, 0.24],
    [0.478, 0.4],
    [0.505, 0.7],
    [0.53, 1],
  ]);
  const thick = [0.018, 0.036, 0.029, 0.021, 0.019, 0.02];
  return [
    // Edges of the shoulder blade: side border, inner border, spine with the acromion, coracoid process.
    edge(
      [
        [0.4, 0.225],
        [0.375, 0.3],
        [0.35, 0.38],
        [0.325, 0.455],
      ],
      0.009,
      0.3,
    ),
    edge(
      [
        [0.325, 0.455],
        [0.3, 0.38],
        [0.285, 0.28],
        [0.29, 0.19],
        [0.31, 0.14],
      ],
      0.0055,
      0.16,
    ),
    edge(
      [
        [0.295, 0.225],
        [0.335, 0.185],
        [0.38, 0.15],
        [0.425, 0.125],
      ],
      0.011,
      0.24,
    ),
    edge(
      [
        [0.345, 0.17],
        [0.37, 0.178],
        [0.392, 0.195],
      ],
      0.013,
      0.26,
    ),
    edge(socket, 0.006, 0.22),
    {
      line: arm,
      halfWidth: arm.map((_, i) => {
        const t = (i / (arm.length - 1)) * 5;
        const k = Math.min(Math.floor(t), 4);
        return (thick[k] + (thick[k + 1] - thick[k]) * (t - k)) * patient.scale;
      }),
      weight: arm.map((_, i) => 0.1 + 0.3 * smoothStep(0, 5, i)),
      profile: cortical(0.45, 0.8),
    },
  ];
}
