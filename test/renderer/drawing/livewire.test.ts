import { describe, expect, it } from 'vitest';
import { LiveWire } from '../../../renderer/drawing/livewire.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import { make } from './masks.ts';

const SIZE = 160;
const CENTRE = 80;
const RADIUS = 50;
const off = ({ x, y }: Position): number => Math.abs(Math.hypot(x - CENTRE, y - CENTRE) - RADIUS);
const inside = (x: number, y: number): boolean =>
  Math.hypot(x + 0.5 - CENTRE, y + 0.5 - CENTRE) < RADIUS;
const disc = make(SIZE, SIZE, inside);
const ground = (samples: Uint8Array, likely: Uint8Array | null = null) => ({
  width: SIZE,
  height: SIZE,
  samples,
  span: 255,
  likely,
});
/** A disc in noise, from the same numbers each time. */
const noisy = disc.map((v, i) => 80 + 70 * v + (((i * 2654435761) >>> 8) % 40));
const [west, south] = [
  { x: CENTRE - RADIUS, y: CENTRE },
  { x: CENTRE, y: CENTRE + RADIUS },
];

describe('the live wire', () => {
  it('follows the edge of the image in place of the straight way', () => {
    const points = new LiveWire(ground(noisy), west, 1).to(south);
    expect(points[0]).toEqual(west);
    expect(points[points.length - 1]).toEqual(south);
    for (const point of points) expect(off(point)).toBeLessThan(3);
  });

  it('follows the border of what the model finds likely, where the image has no edge', () => {
    const grey = new Uint8Array(SIZE * SIZE).fill(90);
    const points = new LiveWire(
      ground(
        grey,
        disc.map((v) => 255 * v),
      ),
      west,
      1,
    ).to(south);
    for (const point of points) expect(off(point)).toBeLessThan(3);
  });

  it('goes to several places from one start, also at a coarser resolution', () => {
    const wire = new LiveWire(ground(noisy), west, 0.5);
    for (const angle of [2.6, 1.2, -2, 2.6]) {
      const to = {
        x: CENTRE + RADIUS * Math.cos(angle),
        y: CENTRE + RADIUS * Math.sin(angle),
      };
      for (const point of wire.to(to)) expect(off(point)).toBeLessThan(5);
    }
  });

  it('goes straight on where its window ends, and stays where it is', () => {
    const wide = { ...ground(new Uint8Array(2000 * 20)), width: 2000, height: 20 };
    const wire = new LiveWire(wide, { x: 5, y: 10 }, 1);
    const points = wire.to({ x: 1900, y: 10 });
    expect(points[points.length - 1]).toEqual({ x: 1900, y: 10 });
    expect(wire.to({ x: 5, y: 10 })).toEqual([
      { x: 5, y: 10 },
      { x: 5, y: 10 },
    ]);
  });
});
