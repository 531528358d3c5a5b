import { describe, expect, it } from 'vitest';
import {
  controlsOf,
  nearestPoint,
  placesOf,
  pull,
  straighten,
} from '../../../renderer/drawing/controls.ts';
import { fillOutline, outlineOf } from '../../../renderer/drawing/outline.ts';
import type { Ring } from '../../../renderer/drawing/outline.ts';
import { wholeOf } from '../../../renderer/drawing/rect.ts';
import { make } from './masks.ts';

const SIZE = 60;
const square = make(SIZE, SIZE, (x, y) => x >= 10 && x < 50 && y >= 10 && y < 50);
const [ring] = outlineOf(square, SIZE, SIZE);
const filled = (rings: readonly Ring[]): Uint8Array => {
  const mask = new Uint8Array(SIZE * SIZE);
  fillOutline({ width: SIZE, height: SIZE, mask }, rings, wholeOf(SIZE, SIZE));
  return mask;
};
const area = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0);

describe('control points', () => {
  it('are few where the outline is straight: a square has its corners', () => {
    const places = placesOf(ring, controlsOf(ring, 1.5));
    for (const [x, y] of [
      [10, 10],
      [50, 10],
      [50, 50],
      [10, 50],
    ]) {
      expect(places.some((place) => Math.hypot(place.x - x, place.y - y) < 1.5)).toBe(true);
    }
    expect(places.length).toBeLessThanOrEqual(6);
  });

  it('move the outline up to their neighbours, and nothing beyond them', () => {
    const controls = controlsOf(ring, 1.5);
    const k = controls.findIndex((n) => Math.hypot(ring[2 * n] - 50, ring[2 * n + 1] - 50) < 1.5);
    const moved = pull(ring, controls, k, { x: 6, y: 4 });
    const [before, after] = [controls.at(k - 1) ?? 0, controls[(k + 1) % controls.length]];
    for (const n of [before, after]) expect(moved[2 * n]).toBe(ring[2 * n]);
    expect(moved[2 * controls[k]]).toBe(ring[2 * controls[k]] + 6);
    expect(area(filled([moved]))).toBeGreaterThan(area(square));
    expect(filled([moved])[20 * SIZE + 10]).toBe(1);
    expect(pull(moved, controls, k, { x: -6, y: -4 }).map(Math.fround)).toEqual(
      ring.map(Math.fround),
    );
  });

  it('that are taken away leave a straight outline between their neighbours', () => {
    const controls = controlsOf(ring, 1.5);
    const k = controls.findIndex((n) => Math.hypot(ring[2 * n] - 50, ring[2 * n + 1] - 10) < 1.5);
    const cut = filled([straighten(ring, controls, k)]);
    expect(cut[12 * SIZE + 48]).toBe(0);
    expect(cut[48 * SIZE + 12]).toBe(1);
  });

  it('are found near the pointer only', () => {
    expect(nearestPoint([ring], { x: 30, y: 9 }, 2)).toMatchObject({ ring: 0 });
    expect(nearestPoint([ring], { x: 30, y: 30 }, 5)).toBeNull();
  });
});
