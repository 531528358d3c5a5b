/** Takes over one part of what a model proposes: the connected part in which it differs, around a click. */
import { drawnRect } from './difference.ts';
import type { Canvas } from './capsule.ts';
import type { Position, Rect } from './types.ts';

/**
 * A part is thicker than this share of the label's side on both sides of its middle. What is thinner, such as the rim
 * in which every proposal differs a little, does not join two parts.
 */
const THICK = 0.03;
/** Of a place that is thin, this many times as much around the click is taken over. */
const AROUND = 6;

/**
 * City-block distances within a rectangle: for each of its pixels, the steps to the nearest pixel with `of` = 0. Pixels
 * beyond the rectangle are 0 if `outside` says so.
 */
function distances(of: Uint8Array, width: number, height: number, outside: boolean): Int32Array {
  const far = width + height;
  const steps = new Int32Array(of.length);
  const edge = outside ? 0 : far;
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      if (of[i] === 0) continue;
      const left = x > 0 ? steps[i - 1] : edge;
      const above = y > 0 ? steps[i - width] : edge;
      steps[i] = Math.min(left, above, far) + 1;
    }
  }
  for (let y = height - 1, i = of.length - 1; y >= 0; y -= 1) {
    for (let x = width - 1; x >= 0; x -= 1, i -= 1) {
      if (of[i] === 0) continue;
      const right = x + 1 < width ? steps[i + 1] : edge;
      const below = y + 1 < height ? steps[i + width] : edge;
      steps[i] = Math.min(steps[i], right + 1, below + 1);
    }
  }
  return steps;
}

/** The pixels of `within` that are connected to `from` by edges. */
function connected(within: Uint8Array, width: number, from: number): Uint8Array {
  const found = new Uint8Array(within.length);
  const waiting = [from];
  found[from] = 1;
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    const x = i % width;
    const next = [i - width, i + width, x > 0 ? i - 1 : -1, x + 1 < width ? i + 1 : -1];
    for (const other of next) {
      if (other < 0 || other >= within.length || within[other] === 0 || found[other] === 1)
        continue;
      found[other] = 1;
      waiting.push(other);
    }
  }
  return found;
}

/**
 * Makes the label what the proposal is, in the part of their difference at a point.
 * @returns the rectangle that changed; null if they do not differ at the point
 */
export function copyPart(
  { width, height, mask }: Canvas,
  proposal: Uint8Array,
  at: Position,
): Rect | null {
  const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
  if (x < 0 || y < 0 || x >= width || y >= height) return null;
  const here = y * width + x;
  if (mask[here] === proposal[here]) return null;
  const differs = mask.map((value, i) => (value === proposal[i] ? 0 : 1));
  const area = Math.max(
    ...[mask, proposal].map((one) => one.reduce((sum, value) => sum + value, 0)),
  );
  const thick = Math.max(1, Math.round(THICK * Math.sqrt(area)));
  const inner = distances(differs, width, height, false);
  const isThin = Uint8Array.from(inner, (steps) => (steps > thick ? 0 : 1));
  const toInner = distances(isThin, width, height, false);
  const parts = differs.map((value, i) => (value === 1 && toInner[i] <= 2 * thick ? 1 : 0));
  if (parts[here] === 0) {
    const reach = AROUND * thick;
    for (let i = 0; i < parts.length; i += 1) {
      const near = Math.hypot((i % width) - x, Math.floor(i / width) - y) <= reach;
      parts[i] = near && differs[i] === 1 ? 1 : 0;
    }
  }
  const part = connected(parts, width, here);
  for (let i = 0; i < part.length; i += 1) if (part[i] === 1) mask[i] = proposal[i];
  return drawnRect(part, width, height);
}
