/** The shapes of a phantom's vessels, windpipe and aorta, and of the gas in its stomach. */
import { openCurve } from './curves.ts';
import type { Point } from '../imaging/polygon.ts';
import type { DistanceField } from './field.ts';
import { spineAt } from './patient.ts';
import type { Patient, Side } from './patient.ts';
import type { Random } from '../../models/random.ts';
import { solid } from './tube.ts';
import type { Tube } from './tube.ts';

/** Attenuation of a vessel on its centre line, divided by its half width: blood attenuates more than air. */
const BLOOD = 22;

interface Twig {
  readonly from: Point;
  readonly angle: number;
  readonly width: number;
}

/**
 * The vessels of a lung: trees that start at the hilum, fork, thin out and end before the chest wall.
 * @param lung the distance field of the lung; a vessel that reaches the lung's edge does not fork
 */
export function vessels(patient: Patient, side: Side, lung: DistanceField, random: Random): Tube[] {
  const height = patient.base[0] - patient.apex;
  const hilum: Point = [
    side * (side < 0 ? 0.1 : 0.108) + patient.turn,
    patient.apex + height * (side < 0 ? 0.46 : 0.425),
  ];
  const tubes: Tube[] = [];
  const queue: Twig[] = [];
  const trunks = 11;
  for (let i = 0; i < trunks; i += 1) {
    // The vessels leave the hilum as a fan, from nearly straight up (angle −1.3) to straight down (1.55).
    // Lower vessels are wider.
    const angle = -1.3 + (2.85 * i) / (trunks - 1) + 0.1 * random.boundedNormal();
    const width = (0.006 + 0.002 * Math.sin(angle + 0.4)) * random.uniform(0.7, 1.2);
    const from: Point = [
      hilum[0] + 0.008 * random.boundedNormal(),
      hilum[1] + 0.035 * Math.sin(angle) + 0.008 * random.boundedNormal(),
    ];
    queue.push({ from, angle, width });
  }
  // Three wide tubes stand for the arteries and veins next to the heart, which lie too close together
  // to be drawn one by one.
  for (const [dx, dy, width] of [
    [-0.012, -0.03, 0.012],
    [-0.004, 0.015, 0.014],
    [0.004, 0.05, 0.01],
  ]) {
    const spread = 0.006 * random.boundedNormal();
    const line = [0, 0.5, 1].map((t) =>
      patient.place(
        hilum[0] + side * (dx + spread + 0.03 * t * (dy > 0 ? 0.6 : 1)),
        hilum[1] + dy + 0.035 * t * Math.sign(dy),
      ),
    );
    const fat = width * random.uniform(0.7, 1.15);
    tubes.push({
      line,
      halfWidth: [fat * 0.8, fat, fat * 0.6],
      weight: [0.12, 0.26, 0.14],
      profile: solid,
    });
  }
  for (let twig = queue.shift(); twig !== undefined; twig = queue.shift()) {
    const length = random.uniform(0.025, 0.06) * (0.55 + twig.width * 100);
    const bend = 0.35 * random.boundedNormal();
    const points: Point[] = [twig.from];
    let [x, y] = twig.from;
    for (let k = 1; k <= 3; k += 1) {
      const angle = twig.angle + (bend * k) / 3;
      x += side * Math.cos(angle) * (length / 3);
      y += Math.sin(angle) * (length / 3);
      points.push([x, y]);
    }
    const line = points.map(([px, py]) => patient.place(px, py));
    const inside = lung.at(...line[3]);
    const width = twig.width * patient.scale;
    tubes.push({
      line,
      halfWidth: [1, 0.94, 0.88, 0.82].map((share) => width * share),
      weight: line.map((_, k) => width * (1 - 0.06 * k) * BLOOD),
      profile: solid,
    });
    if (inside < 0.008 && tubes.length > trunks + 3) continue;
    const angle = twig.angle + bend;
    const main = twig.width * random.uniform(0.76, 0.9);
    const side2 = twig.width * random.uniform(0.45, 0.72);
    const sign = random.chance(0.5) ? 1 : -1;
    if (main > 0.0009) {
      queue.push({ from: [x, y], angle: angle - sign * random.uniform(0.05, 0.3), width: main });
    }
    if (side2 > 0.0009) {
      queue.push({ from: [x, y], angle: angle + sign * random.uniform(0.4, 0.9), width: side2 });
    }
  }
  return tubes;
}

/**
 * Windpipe, two main bronchi and the descending aorta. Windpipe and bronchi hold air, so their weights are
 * negative.
 */
export function middle(patient: Patient): Tube[] {
  const { turn, apex, scale } = patient;
  const fork = apex + 0.285;
  const dx = turn * 0.8;
  const tube = (
    points: readonly Point[],
    width: readonly [number, number],
    weight: readonly [number, number],
  ): Tube => {
    const line = openCurve(
      points.map(([x, y]) => patient.place(x + spineAt(patient, y), y)),
      4,
    );
    const at = (pair: readonly [number, number], i: number): number =>
      pair[0] + ((pair[1] - pair[0]) * i) / (line.length - 1);
    return {
      line,
      halfWidth: line.map((_, i) => at(width, i) * scale),
      weight: line.map((_, i) => at(weight, i)),
      profile: solid,
    };
  };
  return [
    tube(
      [
        [0, -0.1],
        [-0.001, 0.08],
        [dx - 0.004, 0.2],
        [dx - 0.003, fork],
      ],
      [0.017, 0.018],
      [-0.3, -0.42],
    ),
    tube(
      [
        [dx - 0.006, fork - 0.012],
        [dx - 0.035, fork + 0.035],
        [dx - 0.06, fork + 0.08],
      ],
      [0.012, 0.008],
      [-0.18, -0.05],
    ),
    tube(
      [
        [dx + 0.002, fork - 0.012],
        [dx + 0.035, fork + 0.04],
        [dx + 0.07, fork + 0.075],
      ],
      [0.011, 0.008],
      [-0.16, -0.04],
    ),
    tube(
      [
        [0.042 + dx, 0.27],
        [0.047, 0.4],
        [0.04, 0.6],
        [0.028, 0.8],
        [0.02, 0.95],
      ],
      [0.026, 0.022],
      [0.2, 0.16],
    ),
  ];
}

/** Outlines of 0 to 4 gas bubbles in stomach and bowel, under the left dome of the diaphragm. */
export function gas(patient: Patient, random: Random): Point[][] {
  const bubbles: Point[][] = [];
  const count = random.pick([0, 1, 1, 1, 2, 4]);
  const top = patient.base[1] - patient.dome[1];
  for (let i = 0; i < count; i += 1) {
    const large = i === 0;
    const [rx, ry] = large
      ? [random.uniform(0.025, 0.06), random.uniform(0.015, 0.035)]
      : [random.uniform(0.012, 0.025), random.uniform(0.012, 0.025)];
    const cx = large ? random.uniform(0.12, 0.21) : random.uniform(0.1, 0.3);
    const cy = top + (large ? 0.035 + ry : random.uniform(0.07, 0.16)) + random.uniform(0, 0.02);
    const wobble = random.uniform(0, 6);
    bubbles.push(
      Array.from({ length: 20 }, (_, k) => {
        const a = (k / 20) * 2 * Math.PI;
        const r = 1 + 0.14 * Math.sin(2 * a + wobble) + 0.07 * Math.sin(3 * a - wobble);
        return patient.place(cx + rx * r * Math.cos(a), cy + ry * r * Math.sin(a));
      }),
    );
  }
  return bubbles;
}
