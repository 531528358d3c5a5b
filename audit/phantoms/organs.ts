/** The outlines of lungs, heart, trunk and breasts, in unit coordinates of the picture. */
import { closedCurve } from './curves.ts';
import type { Point } from '../imaging/polygon.ts';
import { bySide, chestWall } from './patient.ts';
import type { Patient, Side } from './patient.ts';

const placed = (patient: Patient, points: readonly Point[], steps = 5): Point[] =>
  closedCurve(
    points.map(([x, y]) => patient.place(x, y)),
    steps,
  );

/** The outline of one lung as if there were no heart; the heart is cut out of the mask later. */
export function lungOutline(patient: Patient, side: Side): Point[] {
  const { apex } = patient;
  const base = bySide(patient.base, side);
  const height = base - apex;
  const rise = bySide(patient.dome, side);
  const top = base - rise;
  const wall = [0.03, 0.1, 0.22, 0.38, 0.55, 0.72, 0.86, 0.95].map((t): Point => {
    const y = apex + t * height;
    return [chestWall(patient, side, y), y];
  });
  const angle: Point[] = [
    [0.353, base - 0.012],
    [0.349, base],
    [0.341, base - 0.01],
  ];
  // Points on the diaphragm's dome from the costophrenic angle to the heart: [share of the way, depth
  // below the dome's top as a share of its height].
  const dome = [
    [0.07, 0.62],
    [0.17, 0.34],
    [0.3, 0.13],
    [0.45, 0.02],
    [0.6, 0],
    [0.76, 0.04],
    [0.9, 0.13],
    [1, 0.22],
  ].map(([way, low]): Point => [0.341 - way * 0.26, top + low * rise]);
  const t = patient.turn * side;
  const knob = patient.aorta;
  const middle: readonly Point[] =
    side < 0
      ? [
          [0.082 + t, apex + 0.56 * height],
          [0.1 + t, apex + 0.45 * height],
          [0.096 + t, apex + 0.37 * height],
          [0.088 + t, apex + 0.28 * height],
          [0.082 + t, apex + 0.2 * height],
          [0.08, apex + 0.12 * height],
          [0.084, apex + 0.06 * height],
          [0.108, apex + 0.02 * height],
        ]
      : [
          [0.085 + t, apex + 0.56 * height],
          [0.108 + t, apex + 0.46 * height],
          [0.103 + t, apex + 0.385 * height],
          [0.088 + t + 0.01 * knob, apex + 0.325 * height],
          [0.1 + t + 0.022 * knob, apex + 0.275 * height],
          [0.092 + t + 0.02 * knob, apex + 0.225 * height],
          [0.076, apex + 0.15 * height],
          [0.079, apex + 0.07 * height],
          [0.108, apex + 0.02 * height],
        ];
  const points: Point[] = [[0.15, apex], ...wall, ...angle, ...dome, ...middle];
  return placed(
    patient,
    points.map(([x, y]): Point => [x * side, y]),
    4,
  );
}

/** The outline of the heart, from the base of the great vessels to the apex. */
export function heartOutline(patient: Patient): Point[] {
  const low = (patient.base[0] + patient.base[1]) / 2 - 0.826;
  const [cos, sin] = [Math.cos(patient.heartTilt), Math.sin(patient.heartTilt)];
  const reference: readonly Point[] = [
    [0.005, 0.415],
    [0.055, 0.425],
    [0.098, 0.48],
    [0.138, 0.55],
    [0.178, 0.632],
    [0.197, 0.705],
    [0.19, 0.758],
    [0.15, 0.793],
    [0.07, 0.808],
    [-0.02, 0.803],
    [-0.08, 0.78],
    [-0.112, 0.722],
    [-0.12, 0.65],
    [-0.108, 0.575],
    [-0.08, 0.505],
    [-0.045, 0.445],
  ];
  return placed(
    patient,
    reference.map(([x, y]): Point => {
      // A larger heart extends further to the patient's left and downwards.
      const dx = (x - 0.01) * patient.heart;
      const dy = (y - 0.62) * (0.5 + 0.5 * patient.heart);
      return [0.012 + cos * dx - sin * dy + patient.turn * 1.4, 0.62 + sin * dx + cos * dy + low];
    }),
  );
}

/**
 * The skin of neck, shoulders, arms and trunk; the outline continues beyond the picture's edges.
 */
export function trunkOutline(patient: Patient): Point[] {
  const { fat, female } = patient;
  const wide = (fat - 1) * 0.09;
  const half = (side: Side): Point[] => {
    const lift = patient.shoulders + patient.shoulderTilt * side;
    const waist = female ? -0.014 : 0.004;
    const arm = bySide(patient.arms, side);
    // Neck, shoulder, then down the outside of the arm and up its inside, arm pit, flank.
    const points: readonly Point[] = [
      [0.1 + wide * 0.5, -0.15],
      [0.1 + wide * 0.5, -0.02],
      [0.128 + wide * 0.5, 0.01 + lift],
      [0.22, 0.045 + lift],
      [0.35, 0.075 + lift],
      [0.46, 0.115 + lift],
      [0.56 + 0.3 * arm, 0.21 + lift],
      [0.605 + 0.7 * arm, 0.33 + lift],
      [0.62 + arm, 0.6],
      [0.63 + 1.4 * arm, 1.2],
      [0.49 + 1.4 * arm, 1.2],
      [0.475 + arm, 0.62],
      [0.462 + 0.6 * arm, 0.5],
      [0.443 + 0.3 * arm, 0.43],
      [0.427 + wide, 0.44],
      [0.415 + wide, 0.52],
      [0.41 + wide, 0.65],
      [0.408 + wide + waist, 0.8],
      [0.405 + wide + waist, 0.95],
      [0.41 + wide, 1.2],
    ];
    return points.map(([x, y]): Point => [x * side, y]);
  };
  return placed(patient, [...half(1), ...half(-1).reverse()], 3);
}

/** The outline of a breast. @param size from 0 (small) to 1 (large) */
export function breastOutline(patient: Patient, side: Side, size: number): Point[] {
  const [cx, cy] = [0.235 * side, 0.65 + 0.05 * size];
  const [rx, ry] = [0.165 + 0.03 * size, 0.13 + 0.04 * size];
  return placed(
    patient,
    Array.from({ length: 16 }, (_, i): Point => {
      const a = (i / 16) * 2 * Math.PI;
      // A breast is fuller below than above.
      const sag = 0.25 * Math.max(Math.sin(a), 0);
      return [cx + rx * Math.cos(a) * (1 + 0.1 * sag), cy + ry * Math.sin(a) * (1 + sag)];
    }),
    3,
  );
}
