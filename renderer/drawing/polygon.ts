/** Polygons and lassos, filled by the even-odd rule: a pixel is inside if its centre is. */
import { clipped } from './rect.ts';
import type { Canvas } from './capsule.ts';
import type { Position, Rect } from './types.ts';

/** Smallest rectangle of whole pixels around the points, cut to the image; null if it lies outside. */
function boundsOf(points: readonly Position[], width: number, height: number): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return clipped(
    Math.floor(left),
    Math.floor(top),
    Math.ceil(right),
    Math.ceil(bottom),
    width,
    height,
  );
}

/**
 * Calls `paint(from, to)` for each run of pixels inside the closed polygon: `from` is the index of the run's
 * first pixel, `to` is past its last.
 * @returns the rectangle around the polygon, cut to the image; null if all of it is outside
 */
function scanPolygon(
  points: readonly Position[],
  width: number,
  height: number,
  paint: (from: number, to: number) => void,
): Rect | null {
  const rect = boundsOf(points, width, height);
  if (!rect) return null;
  const crossings: number[] = [];
  for (let row = rect.y; row < rect.y + rect.height; row += 1) {
    const y = row + 0.5;
    crossings.length = 0;
    let before = points[points.length - 1];
    for (const point of points) {
      // An edge includes only one of its ends, so that a corner on the row's line counts once.
      if (before.y <= y !== point.y <= y) {
        crossings.push(before.x + ((y - before.y) / (point.y - before.y)) * (point.x - before.x));
      }
      before = point;
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.ceil(crossings[i] - 0.5));
      const to = Math.min(width, Math.ceil(crossings[i + 1] - 0.5));
      if (to > from) paint(row * width + from, row * width + to);
    }
  }
  return rect;
}

/** Writes `value` inside the closed polygon. @returns the rectangle of `scanPolygon`, or null */
export function fillPolygon(
  { width, height, mask }: Canvas,
  points: readonly Position[],
  value: 0 | 1,
): Rect | null {
  return scanPolygon(points, width, height, (from, to) => mask.fill(value, from, to));
}

/** Copies `source` inside the closed polygon. @returns the rectangle of `scanPolygon`, or null */
export function copyInPolygon(
  { width, height, mask }: Canvas,
  points: readonly Position[],
  source: Uint8Array,
): Rect | null {
  return scanPolygon(points, width, height, (from, to) =>
    mask.set(source.subarray(from, to), from),
  );
}
