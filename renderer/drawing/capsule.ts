/**
 * The brush: a stroke is a chain of capsules, each a disc swept from one point to the next, whose
 * radius may change on the way (pen pressure). What a capsule covers is exact: every pixel whose
 * centre lies in it, and nothing else.
 */
import { clipped } from './rect.ts';
import type { Rect } from './types.ts';

/** Place and radius of the brush, in image pixels: the pixel (0, 0) spans 0 … 1, its centre is at 0.5. */
export interface Dab {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A mask to draw on, row-major, a byte a pixel, 0 or 1. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
}

/** Limits the brush to pixels whose sample lies in [low, high]. */
export interface Allowed {
  readonly samples: Uint8Array | Uint16Array;
  readonly low: number;
  readonly high: number;
}

/** A disc of a smaller radius may cover no pixel centre. It is moved to the centre of its pixel. */
const SMALL = Math.SQRT1_2;

const snapped = ({ x, y, radius }: Dab): Dab =>
  radius < SMALL ? { x: Math.floor(x) + 0.5, y: Math.floor(y) + 0.5, radius } : { x, y, radius };

/**
 * Whether the point p = (x, y) is in the disc that moves from `a` (t = 0) to `b` (t = 1). The disc's centre
 * c and radius r are linear in t, so that |p − c(t)|² − r(t)² is quadratic in t. The point is inside if the
 * minimum on 0 … 1 is not positive.
 */
function inCapsule(a: Dab, b: Dab, x: number, y: number): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const dr = b.radius - a.radius;
  const px = x - a.x;
  const py = y - a.y;
  const square = dx * dx + dy * dy - dr * dr;
  const half = px * dx + py * dy + a.radius * dr;
  const constant = px * px + py * py - a.radius * a.radius;
  if (square <= 0) return constant <= 0 || square - 2 * half + constant <= 0;
  const t = Math.min(1, Math.max(0, half / square));
  return (square * t - 2 * half) * t + constant <= 0;
}

/**
 * Writes `value` where the brush went from `from` to `to`. A brush of radius 0.5 covers one pixel.
 * @param allowed null: all pixels
 * @returns the rectangle that may have been written to; null if the brush was outside of the image
 */
export function paintCapsule(
  canvas: Canvas,
  from: Dab,
  to: Dab,
  value: 0 | 1,
  allowed: Allowed | null = null,
): Rect | null {
  const { width, height, mask } = canvas;
  const a = snapped(from);
  const b = snapped(to);
  const rect = clipped(
    Math.floor(Math.min(a.x - a.radius, b.x - b.radius)),
    Math.floor(Math.min(a.y - a.radius, b.y - b.radius)),
    Math.ceil(Math.max(a.x + a.radius, b.x + b.radius)),
    Math.ceil(Math.max(a.y + a.radius, b.y + b.radius)),
    width,
    height,
  );
  if (!rect) return null;
  const last = rect.x + rect.width - 1;
  // A capsule is convex, so a row is one run. Its ends are searched from those of the row above.
  let left = rect.x;
  let right = last;
  for (let row = rect.y; row < rect.y + rect.height; row += 1) {
    const y = row + 0.5;
    const middle = nearest(a, b, y, rect.x, last);
    if (middle < 0) continue;
    left = Math.min(left, middle);
    right = Math.max(right, middle);
    while (left < middle && !inCapsule(a, b, left + 0.5, y)) left += 1;
    while (left > rect.x && inCapsule(a, b, left - 0.5, y)) left -= 1;
    while (right > middle && !inCapsule(a, b, right + 0.5, y)) right -= 1;
    while (right < last && inCapsule(a, b, right + 1.5, y)) right += 1;
    const start = row * width;
    if (allowed) paintAllowed(mask, allowed, start + left, start + right + 1, value);
    else mask.fill(value, start + left, start + right + 1);
  }
  return rect;
}

/** A column whose centre is in the capsule at height `y`; −1 if there is no such column. */
function nearest(a: Dab, b: Dab, y: number, first: number, last: number): number {
  const [left, right] = span(a, b, y);
  if (left > right) return -1;
  const column = Math.floor((left + right) / 2);
  for (const candidate of [column, column - 1, column + 1]) {
    const inside = Math.min(last, Math.max(first, candidate));
    if (inCapsule(a, b, inside + 0.5, y)) return inside;
  }
  return -1;
}

/** The ends of the row at height `y` in the capsule, up to rounding; left > right if the row misses it. */
function span(a: Dab, b: Dab, y: number): readonly [number, number] {
  let left = Infinity;
  let right = -Infinity;
  const take = (x: number): void => {
    left = Math.min(left, x);
    right = Math.max(right, x);
  };
  for (const dab of [a, b]) {
    const rest = dab.radius * dab.radius - (y - dab.y) ** 2;
    if (rest < 0) continue;
    take(dab.x - Math.sqrt(rest));
    take(dab.x + Math.sqrt(rest));
  }
  // The straight sides: two tangents between the discs.
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const dr = b.radius - a.radius;
  const square = dx * dx + dy * dy;
  if (square <= dr * dr) return [left, right];
  const along = -dr / square;
  const across = Math.sqrt(square - dr * dr) / square;
  for (const side of [-1, 1]) {
    const nx = dx * along - dy * across * side;
    const ny = dy * along + dx * across * side;
    const y0 = a.y + ny * a.radius;
    const y1 = b.y + ny * b.radius;
    const t = (y - y0) / (y1 - y0);
    if (!(t >= 0 && t <= 1)) continue;
    const x0 = a.x + nx * a.radius;
    take(x0 + t * (b.x + nx * b.radius - x0));
  }
  return [left, right];
}

function paintAllowed(
  mask: Uint8Array,
  { samples, low, high }: Allowed,
  from: number,
  to: number,
  value: 0 | 1,
): void {
  for (let i = from; i < to; i += 1) {
    if (samples[i] >= low && samples[i] <= high) mask[i] = value;
  }
}
