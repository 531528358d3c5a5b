/**
 * Scribbles say of some pixels that they are inside of the label, or outside. What lies around them is solved by
 * random walks (Grady, PAMI 2006): a pixel belongs to the side that a walk from it, which hardly crosses edges of
 * the image, more likely comes to first. Far from the scribbles the label holds as it is; a model's opinion counts
 * everywhere a little. The walks go over a window around the scribbles, in nodes of 1, 2, 4 … pixels.
 */
import type { Canvas } from './capsule.ts';
import type { Ground } from './region.ts';
import type { Position, Rect } from './types.ts';

export interface Scribble {
  readonly points: readonly Position[];
  readonly inside: boolean;
}

/** The window in nodes; all arrays are row-major, a value a node. */
export interface Problem {
  /** Image pixels per node, a power of two. */
  readonly size: number;
  /** The window's first node. */
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
  /** Mean samples, 0 … 255 over the window in which the image is shown. */
  readonly grey: Float32Array;
  /** Share of the node that is drawn, 0 … 1. */
  readonly label: Float32Array;
  /** What the model finds, 0 … 1; null without a model. */
  readonly likely: Float32Array | null;
  /** 1 inside, −1 outside by a scribble, 0 elsewhere. */
  readonly marks: Int8Array;
}

/** The most nodes on a side. */
const NODES = 256;
/** The window reaches this share of the scribbles' length beyond them, and at least this share of the image's side. */
const MARGIN = 0.8;
const LEAST = 0.2;

/** The window around scribbles; null if all of them lie outside of the image. */
export function problemOf(
  ground: Ground,
  mask: Uint8Array,
  scribbles: readonly Scribble[],
): Problem | null {
  const { width, height, samples, span, likely } = ground;
  const window = windowOf(scribbles, width, height);
  if (!window) return null;
  const longer = Math.max(window.width, window.height);
  const size = 2 ** Math.max(0, Math.ceil(Math.log2(longer / NODES)));
  const left = Math.floor(window.x / size);
  const top = Math.floor(window.y / size);
  const across = Math.ceil((window.x + window.width) / size) - left;
  const down = Math.ceil((window.y + window.height) / size) - top;
  // A solution is interpolated between nodes.
  if (across < 2 || down < 2) return null;
  const means = (values: Uint8Array | Uint16Array, by: number): Float32Array =>
    meansOf(values, width, height, { size, left, top, across, down }, by);
  return {
    size,
    left,
    top,
    across,
    down,
    grey: means(samples, 255 / span),
    label: means(mask, 1),
    likely: likely && means(likely, 1 / 255),
    marks: marksOf(scribbles, { size, left, top, across, down }),
  };
}

type Grid = Pick<Problem, 'size' | 'left' | 'top' | 'across' | 'down'>;

function windowOf(scribbles: readonly Scribble[], width: number, height: number): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of scribbles.flatMap(({ points }) => points)) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  if (left >= width || top >= height || right < 0 || bottom < 0) return null;
  const margin = Math.max(
    LEAST * Math.max(width, height),
    MARGIN * Math.max(right - left, bottom - top),
  );
  const x = Math.max(0, Math.floor(left - margin));
  const y = Math.max(0, Math.floor(top - margin));
  return {
    x,
    y,
    width: Math.min(width, Math.ceil(right + margin)) - x,
    height: Math.min(height, Math.ceil(bottom + margin)) - y,
  };
}

function meansOf(
  values: Uint8Array | Uint16Array,
  width: number,
  height: number,
  { size, left, top, across, down }: Grid,
  by: number,
): Float32Array {
  const means = new Float32Array(across * down);
  for (let y = 0, n = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1, n += 1) {
      const from = (left + x) * size;
      const to = Math.min(width, from + size);
      const first = (top + y) * size;
      const end = Math.min(height, first + size);
      let sum = 0;
      for (let row = first; row < end; row += 1) {
        for (let i = row * width + from; i < row * width + to; i += 1) sum += values[i];
      }
      means[n] = (by * sum) / ((to - from) * (end - first));
    }
  }
  return means;
}

/** The nodes under the scribbles; where two cross, the newer one holds. */
function marksOf(
  scribbles: readonly Scribble[],
  { size, left, top, across, down }: Grid,
): Int8Array {
  const marks = new Int8Array(across * down);
  for (const { points, inside } of scribbles) {
    let last = points[0];
    for (const point of points) {
      const steps = Math.max(
        1,
        Math.ceil((2 * Math.hypot(point.x - last.x, point.y - last.y)) / size),
      );
      for (let n = 0; n <= steps; n += 1) {
        const x = Math.floor((last.x + ((point.x - last.x) * n) / steps) / size) - left;
        const y = Math.floor((last.y + ((point.y - last.y) * n) / steps) / size) - top;
        if (x >= 0 && y >= 0 && x < across && y < down) marks[y * across + x] = inside ? 1 : -1;
      }
      last = point;
    }
  }
  return marks;
}

/**
 * Changes a mask by a solution. Pixels whose node hardly changes keep their values, so that the outline stays
 * exact there.
 * @returns the window in pixels
 */
export function applySolution(
  { width, height, mask }: Canvas,
  { size, left, top, across, down, marks }: Problem,
  change: Float32Array,
): Rect {
  const rect = {
    x: left * size,
    y: top * size,
    width: Math.min(width, (left + across) * size) - left * size,
    height: Math.min(height, (top + down) * size) - top * size,
  };
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    const v = Math.max(0, Math.min(down - 1, (y + 0.5) / size - top - 0.5));
    const row = Math.min(down - 2, Math.floor(v));
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      const u = Math.max(0, Math.min(across - 1, (x + 0.5) / size - left - 0.5));
      const column = Math.min(across - 2, Math.floor(u));
      const n = row * across + column;
      const [s, t] = [u - column, v - row];
      const upper = change[n] * (1 - s) + change[n + 1] * s;
      const lower = change[n + across] * (1 - s) + change[n + across + 1] * s;
      const i = y * width + x;
      const mark = marks[Math.floor(y / size - top) * across + Math.floor(x / size - left)];
      if (mark !== 0) mask[i] = mark > 0 ? 1 : 0;
      else mask[i] = mask[i] + upper * (1 - t) + lower * t > 0.5 ? 1 : 0;
    }
  }
  return rect;
}
