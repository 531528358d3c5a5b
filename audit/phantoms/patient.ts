/**
 * A patient in front of the detector: the numbers that vary between cases, and the map from the body's
 * coordinates to the picture's. In the body's coordinates x is 0 on the spine and positive towards the
 * patient's left (the right of the picture); y runs 0 … 1 from the top of the picture to its bottom.
 * The unit of x and y is the width of the picture.
 */
import { interpolate } from './curves.ts';
import type { Point } from '../imaging/polygon.ts';
import type { Random } from '../../models/random.ts';

/** −1 is the patient's right, on the left of the picture; 1 is the patient's left. */
export type Side = -1 | 1;

export interface Patient {
  readonly female: boolean;
  /** Thickness of soft tissue relative to the reference patient, about 1. */
  readonly fat: number;
  /** `apex`: y of the tops of the lungs. `base`: y of the costophrenic angles (right, left). */
  readonly apex: number;
  readonly base: readonly [number, number];
  /** Height of the diaphragm's domes above the costophrenic angles (right, left). */
  readonly dome: readonly [number, number];
  /** Width of the chest relative to the reference patient. */
  readonly chest: number;
  /**
   * `heart`: width of the heart relative to the reference patient. `heartTilt`: its tilt in radians.
   */
  readonly heart: number;
  readonly heartTilt: number;
  /**
   * `shoulders`: shift of both shoulders in y. `shoulderTilt` is added to this shift for the left shoulder
   * and subtracted from it for the right one.
   */
  readonly shoulders: number;
  readonly shoulderTilt: number;
  /** Sideways shift of structures in front of the spine, in a patient who stands turned. */
  readonly turn: number;
  /** The largest sideways deviation of the spine, in picture widths. */
  readonly scoliosis: number;
  /** How far the arms are held off the trunk (right, left). */
  readonly arms: readonly [number, number];
  /** Bulge of the aortic knob, 0 … 1. */
  readonly aorta: number;
  /** Steepness of the ribs relative to the reference patient. */
  readonly ribDrop: number;
  /** Maps the body's coordinates to the picture's. */
  place(x: number, y: number): Point;
  /** Factor from lengths in the body to lengths in the picture. */
  readonly scale: number;
}

/** Draws a random patient. Keep the order of the draws: otherwise a seed gives another patient. */
export function randomPatient(random: Random): Patient {
  const female = random.chance(0.45);
  const scale = random.uniform(0.95, 1.06);
  const chest = scale * (female ? 1.05 : 1.11) * (1 + 0.03 * random.boundedNormal());
  const angle = 0.022 * random.boundedNormal();
  const [shiftX, shiftY] = [0.48 + 0.015 * random.boundedNormal(), 0.015 * random.boundedNormal()];
  const waves = Array.from({ length: 3 }, () => ({
    x: 0.005 * random.boundedNormal(),
    y: 0.005 * random.boundedNormal(),
    fx: random.uniform(0.5, 1.6),
    fy: random.uniform(0.5, 1.6),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  const deep = 0.03 * random.boundedNormal();
  const right = 0.82 + deep + 0.012 * random.boundedNormal();
  const left = 0.832 + deep + 0.012 * random.boundedNormal();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    female,
    fat: Math.min(Math.max(1 + 0.14 * random.boundedNormal(), 0.72), 1.4),
    apex: 0.078 + 0.012 * random.boundedNormal(),
    base: [right, left],
    dome: [random.uniform(0.085, 0.14), random.uniform(0.08, 0.125)],
    chest,
    heart: Math.min(Math.max(1 + 0.1 * random.boundedNormal(), 0.8), 1.3),
    heartTilt: 0.09 * random.boundedNormal(),
    shoulders: 0.02 * random.boundedNormal(),
    shoulderTilt: 0.012 * random.boundedNormal(),
    turn: 0.009 * random.boundedNormal(),
    scoliosis: 0.006 * random.boundedNormal(),
    arms: [random.uniform(-0.03, 0.08), random.uniform(-0.03, 0.08)],
    aorta: random.uniform(0, 1),
    ribDrop: 1 + 0.12 * random.boundedNormal(),
    scale,
    place(x, y) {
      const [bx, by] = [x * chest, (y - 0.5) * scale];
      let u = shiftX + cos * bx - sin * by;
      let v = 0.5 + shiftY + sin * bx + cos * by;
      for (const wave of waves) {
        const phase = 2 * Math.PI * (wave.fx * bx + wave.fy * by) + wave.phase;
        u += wave.x * Math.sin(phase);
        v += wave.y * Math.cos(phase);
      }
      return [u, v];
    },
  };
}

/** Picks the value of one side from a pair [right, left]. */
export function bySide<T>(pair: readonly [T, T], side: Side): T {
  return side < 0 ? pair[0] : pair[1];
}

/** |x| of the lateral lung edge at the height y. */
export function chestWall(patient: Patient, side: Side, y: number): number {
  const t = (y - patient.apex) / (bySide(patient.base, side) - patient.apex);
  return interpolate(
    [
      [0, 0.15],
      [0.03, 0.19],
      [0.1, 0.238],
      [0.18, 0.265],
      [0.28, 0.288],
      [0.42, 0.308],
      [0.58, 0.325],
      [0.74, 0.339],
      [0.88, 0.35],
      [1, 0.354],
      [1.3, 0.34],
    ],
    t,
  );
}

/** x of the spine at the height y. */
export function spineAt(patient: Patient, y: number): number {
  return patient.scoliosis * Math.sin(y * 5.5);
}
