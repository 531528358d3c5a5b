/**
 * Sorts the blocks of an image by a mask: blocks that the mask fills, and blocks with or near its outline.
 * Pure. A block is the square of pixels that one pixel of a smaller version of the mask stands for
 * (`pyramid.ts`).
 */

import type { Rect } from '../drawing/types.ts';

/** A level of a mask's pyramid: a value per block, 0 only if it is empty, 255 only if it is full. */
export interface Grid {
  readonly values: Uint8Array;
  readonly across: number;
  readonly down: number;
  /** Side of a block in pixels of the image. */
  readonly side: number;
  /** Size of the image in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Rectangles in pixels of the image: left, top, right, bottom, one after the other. */
export interface Blocks {
  readonly full: Float32Array;
  readonly mixed: Float32Array;
}

const [EMPTY, FULL, MIXED] = [0, 1, 2];

/**
 * EMPTY or FULL if a block and its eight neighbours are all empty or all full, else MIXED. Outside of the
 * image all pixels count as empty.
 */
function kindOf(grid: Grid, x: number, y: number): number {
  const { values, across, down, side, width, height } = grid;
  const at = y * across + x;
  const value = values[at];
  if (value !== 0 && value !== 255) return MIXED;
  // True if all nine blocks lie inside the image. The border may cut off the last blocks of a row or column,
  // so this is checked in pixels.
  const inner = x > 0 && y > 0 && (x + 2) * side <= width && (y + 2) * side <= height;
  if (!inner && value === 255) return MIXED;
  for (let row = Math.max(0, y - 1); row <= Math.min(down - 1, y + 1); row += 1) {
    const start = row * across;
    for (let i = start + Math.max(0, x - 1); i <= start + Math.min(across - 1, x + 1); i += 1) {
      if (values[i] !== value) return MIXED;
    }
  }
  return value === 0 ? EMPTY : FULL;
}

/** Joins neighbouring blocks of a row that have the same kind. @returns the rectangles of each kind */
function runs(grid: Grid, kind: (x: number, y: number) => number): number[][] {
  const { across, down, side, width, height } = grid;
  const found: number[][] = [[], [], []];
  for (let y = 0; y < down; y += 1) {
    let from = 0;
    let now = kind(0, y);
    for (let x = 1; x <= across; x += 1) {
      const next = x < across ? kind(x, y) : -1;
      if (next === now) continue;
      const right = Math.min(width, x * side);
      found[now].push(from * side, y * side, right, Math.min(height, (y + 1) * side));
      from = x;
      now = next;
    }
  }
  return found;
}

/** Those of `rects` that overlap or touch `area`; both are in pixels of the image. */
export function touching(rects: Float32Array, area: Rect): Float32Array {
  const kept = new Float32Array(rects.length);
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  let length = 0;
  for (let i = 0; i < rects.length; i += 4) {
    if (rects[i] > right || rects[i + 1] > bottom) continue;
    if (rects[i + 2] < area.x || rects[i + 3] < area.y) continue;
    for (let k = 0; k < 4; k += 1) kept[length + k] = rects[i + k];
    length += 4;
  }
  return kept.subarray(0, length);
}

export function blocksOf(grid: Grid): Blocks {
  const found = runs(grid, (x, y) => kindOf(grid, x, y));
  return { full: Float32Array.from(found[FULL]), mixed: Float32Array.from(found[MIXED]) };
}

/** Rectangles of the blocks in which two masks of the same size may differ. */
export function blocksOfDifference(grid: Grid, other: Grid): Float32Array {
  const found = runs(grid, (x, y) => {
    const kind = kindOf(grid, x, y);
    return kind === MIXED || kind !== kindOf(other, x, y) ? MIXED : EMPTY;
  });
  return Float32Array.from(found[MIXED]);
}
