import { describe, expect, it } from 'vitest';
import { solve } from '../../../renderer/drawing/random-walk.ts';
import { applySolution, problemOf } from '../../../renderer/drawing/scribble.ts';
import type { Scribble } from '../../../renderer/drawing/scribble.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import { make } from './masks.ts';

const SIZE = 256;
const truth = make(SIZE, SIZE, (x, y) => Math.hypot((x - 128) / 1.3, y - 128) < 60);
const image = truth.map((v, i) => 70 + 60 * v + (((i * 2654435761) >>> 8) % 24));
const ground = (likely: Uint8Array | null = null) => ({
  width: SIZE,
  height: SIZE,
  samples: image,
  span: 255,
  likely,
});
const line = (from: Position, to: Position, inside: boolean): Scribble => ({
  points: Array.from({ length: 9 }, (_, n) => ({
    x: from.x + ((to.x - from.x) * n) / 8,
    y: from.y + ((to.y - from.y) * n) / 8,
  })),
  inside,
});

function solved(mask: Uint8Array, scribbles: readonly Scribble[], likely?: Uint8Array) {
  const result = mask.slice();
  const problem = problemOf(ground(likely ?? null), mask, scribbles);
  if (!problem) return result;
  applySolution({ width: SIZE, height: SIZE, mask: result }, problem, solve(problem));
  return result;
}

function dice(a: Uint8Array, b: Uint8Array): number {
  const both = a.reduce((sum, v, i) => sum + (v & b[i]), 0);
  return (2 * both) / a.reduce((sum, v, i) => sum + v + b[i], 0);
}

describe('a scribble', () => {
  it('inside a missing part brings it back up to its edge', () => {
    const half = truth.map((v, i) => (i % SIZE > 150 ? 0 : v));
    const mended = solved(half, [line({ x: 160, y: 100 }, { x: 178, y: 160 }, true)]);
    expect(dice(half, truth)).toBeLessThan(0.9);
    expect(dice(mended, truth)).toBeGreaterThan(0.95);
  });

  it('outside takes away what is too much', () => {
    const leaked = truth.map((v, i) =>
      i % SIZE > 180 && i % SIZE < 235 && i > 80 * SIZE && i < 160 * SIZE ? 1 : v,
    );
    const mended = solved(leaked, [line({ x: 220, y: 90 }, { x: 222, y: 150 }, false)]);
    expect(dice(mended, truth)).toBeGreaterThan(dice(leaked, truth) + 0.05);
    expect(mended[120 * SIZE + 222]).toBe(0);
    expect(mended[128 * SIZE + 128]).toBe(1);
  });

  it('changes nothing outside of its window, nor where the label fits', () => {
    const mended = solved(truth, [line({ x: 128, y: 100 }, { x: 128, y: 150 }, true)]);
    expect(dice(mended, truth)).toBeGreaterThan(0.985);
    expect(problemOf(ground(), truth, [line({ x: -90, y: 5 }, { x: -80, y: 9 }, true)])).toBeNull();
  });

  it('leaves another part of the label alone, pixel for pixel', () => {
    const square = make(SIZE, SIZE, (x, y) => x >= 60 && x < 90 && y >= 60 && y < 90);
    const mended = solved(square, [line({ x: 140, y: 100 }, { x: 150, y: 150 }, true)]);
    expect(mended[125 * SIZE + 145]).toBe(1);
    for (let y = 50; y < 95; y += 1) {
      const row = (mask: Uint8Array) => mask.slice(y * SIZE + 50, y * SIZE + 92);
      expect(row(mended), `row ${y}`).toEqual(row(square));
    }
  });

  it('always has its way under the pointer, the newer over the older', () => {
    const first = line({ x: 20, y: 20 }, { x: 60, y: 20 }, true);
    const cross = line({ x: 40, y: 10 }, { x: 40, y: 30 }, false);
    const mended = solved(truth, [first, cross]);
    expect(mended[20 * SIZE + 30]).toBe(1);
    expect(mended[20 * SIZE + 40]).toBe(0);
  });

  it('has a bounded number of nodes, however long it is', () => {
    const wide = { width: 2048, height: 2048, span: 255, likely: null };
    const samples = Uint8Array.from({ length: 2048 * 2048 }, (_, i) => (i * 37) % 251);
    const mask = new Uint8Array(2048 * 2048);
    const scribbles = [line({ x: 1000, y: 1000 }, { x: 1400, y: 1390 }, true)];
    const problem = problemOf({ ...wide, samples }, mask, scribbles);
    expect(problem?.across).toBeLessThanOrEqual(256);
    expect((problem?.across ?? 0) * (problem?.size ?? 0)).toBeGreaterThanOrEqual(1024);
  });
});
