/**
 * Smooth curves through points, for the organs of phantoms. Points are in unit coordinates: x points to
 * the right and y down, and both are 0 … 1 inside the picture.
 */
import type { Point } from '../imaging/polygon.ts';

/** The point of a Catmull-Rom spline between the second (t = 0) and the third (t = 1) of four points. */
function between(p: readonly Point[], t: number): Point {
  const [a, b, c, d] = p;
  const at = (k: 0 | 1): number =>
    0.5 *
    (2 * b[k] +
      (c[k] - a[k]) * t +
      (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t +
      (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t * t * t);
  return [at(0), at(1)];
}

/** A closed Catmull-Rom spline through `points`, with `steps` points for each piece. */
export function closedCurve(points: readonly Point[], steps: number): Point[] {
  const n = points.length;
  const result: Point[] = [];
  for (let i = 0; i < n; i += 1) {
    const piece = [points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]];
    for (let k = 0; k < steps; k += 1) result.push(between(piece, k / steps));
  }
  return result;
}

/** An open Catmull-Rom spline from the first to the last of `points`, both included. */
export function openCurve(points: readonly Point[], steps: number): Point[] {
  const last = points.length - 1;
  const result: Point[] = [];
  for (let i = 0; i < last; i += 1) {
    const piece = [
      points[Math.max(i - 1, 0)],
      points[i],
      points[i + 1],
      points[Math.min(i + 2, last)],
    ];
    for (let k = 0; k < steps; k += 1) result.push(between(piece, k / steps));
  }
  result.push(points[last]);
  return result;
}

/** Interpolates linearly between knots [at, value]. Beyond the outer knots, their values hold. */
export function interpolate(knots: readonly (readonly [number, number])[], at: number): number {
  if (at <= knots[0][0]) return knots[0][1];
  for (let i = 1; i < knots.length; i += 1) {
    const [x1, y1] = knots[i];
    const [x0, y0] = knots[i - 1];
    if (at <= x1) return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0);
  }
  return knots[knots.length - 1][1];
}

/** Rises smoothly from 0 to 1 between `from` and `to`; it is 0 below `from` and 1 above `to`. */
export function smoothStep(from: number, to: number, at: number): number {
  const t = Math.min(Math.max((at - from) / (to - from), 0), 1);
  return t * t * (3 - 2 * t);
}

/**
 * The outline of a tube around a centre line, with rounded ends.
 * @param halfWidth gives the half width at a point of the line; t is 0 for the line's first point and 1 for
 *   its last
 */
export function tubeOutline(line: readonly Point[], halfWidth: (t: number) => number): Point[] {
  const last = line.length - 1;
  const left: Point[] = [];
  const right: Point[] = [];
  const direction = (i: number): Point => {
    const [ax, ay] = line[Math.max(i - 1, 0)];
    const [bx, by] = line[Math.min(i + 1, last)];
    const length = Math.hypot(bx - ax, by - ay);
    return [(bx - ax) / length, (by - ay) / length];
  };
  const cap = (i: number, sign: 1 | -1): Point[] => {
    const [dx, dy] = direction(i);
    const w = halfWidth(i / last);
    const [x, y] = line[i];
    return [0.25, 0.5, 0.75].map((share): Point => {
      // The points of an end lead from the line's left side round the end to its right side.
      const angle = Math.PI * (sign > 0 ? share : 1 - share);
      const [across, along] = [Math.cos(angle) * w, Math.sin(angle) * w * sign * 0.7];
      return [x + dy * across + dx * along, y - dx * across + dy * along];
    });
  };
  for (let i = 0; i <= last; i += 1) {
    const [dx, dy] = direction(i);
    const w = halfWidth(i / last);
    left.push([line[i][0] + dy * w, line[i][1] - dx * w]);
    right.push([line[i][0] - dy * w, line[i][1] + dx * w]);
  }
  return [...left, ...cap(last, 1), ...right.reverse(), ...cap(0, -1)];
}
