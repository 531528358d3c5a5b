/**
 * A patient and how they stand before the detector: the numbers that vary from case to case, and
 * the way from the body's coordinates to the picture's. In the body's coordinates x is 0 on the
 * spine and positive towards the patient's left (the right of the picture), y runs 0 … 1 from the
 * top of the picture to its bottom; both in picture widths.
 */
import { interpolate } from './curves.ts';
import type { Point } from '../imaging/polygon.ts';
import type { Random } from '../../models/random.ts';

/** −1: the patient's right, left in the picture. 1: the patient's left. */
export type Side = -1 | 1;

export interface Patient {
  readonly female: boolean;
  /** Share of the reference thickness of soft tissue, about 1. */
  readonly fat: number;
  /** Of the apices and of the costophrenic angles (right, left), in y. */
  readonly apex: number;
  readonly base: readonly [number, number];
  /** Height of the domes of the diaphragm over their angles (right, left). */
  readonly dome: readonly [number, number];
  /** Width of the chest over the reference. */
  readonly chest: number;
  /** Width of the heart over the reference, and how far it leans to the side, in radians. */
  readonly heart: number;
  readonly heartTilt: number;
  /** How far the shoulders are raised, in y; and that of the left over the right. */
  readonly shoulders: number;
  readonly shoulderTilt: number;
  /** How far structures in front are shifted against the spine: the patient stands turned. */
  readonly turn: number;
  /** Sideways bend of the spine. */
  readonly scoliosis: number;
  /** How far the arms are held off the trunk (right, left). */
  readonly arms: readonly [number, number];
  /** Bulge of the aortic knob. */
  readonly aorta: number;
  /** Steepness of the ribs over the reference. */
  readonly ribDrop: number;
  /** From the body to the picture. */
  place(x: number, y: number): Point;
  /** Lengths are multiplied by this on the way. */
  readonly scale: number;
}

/** Draws a patient. The order of the draws is part of what a seed means. */
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

/** Both of a pair by side. */
export function bySide<T>(pair: readonly [T, T], side: Side): T {
  return side < 0 ? pair[0] : pair[1];
}

/** Half the inner width of the rib cage at a height, at most: |x| of the lateral lung edge. */
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

/** Where the spine stands at a height. */
export function spineAt(patient: Patient, y: number): number {
  return patient.scoliosis * Math.sin(y * 5.5);
}
