import { describe, expect, it } from 'vitest';
import {
  after,
  apply,
  boundsOfRings,
  moveRings,
  scale,
  shift,
  turn,
} from '../../../renderer/drawing/affine.ts';
import type { Affine } from '../../../renderer/drawing/affine.ts';
import { dragged, handleAt } from '../../../renderer/drawing/handles.ts';
import { fillOutline, outlineOf } from '../../../renderer/drawing/outline.ts';
import { drawn, make, rows } from './masks.ts';

/** A mask moved by an affine map, on a canvas of its size. */
function moved(mask: Uint8Array, width: number, height: number, by: Affine): Uint8Array {
  const rings = moveRings(outlineOf(mask, width, height), by);
  const result = new Uint8Array(mask.length);
  const rect = boundsOfRings(rings, width, height);
  if (rect) fillOutline({ width, height, mask: result }, rings, rect);
  return result;
}

const letter = drawn('........', '.###....', '.#......', '.##.....', '.#......', '........');

describe('a label', () => {
  it('moved by whole pixels keeps every pixel, also one that leaves the image', () => {
    const right = moved(letter.mask, 8, 6, shift(3, -1));
    expect(rows({ ...letter, mask: right })).toEqual(
      rows(drawn('....###.', '....#...', '....##..', '....#...', '........', '........')),
    );
    expect(moved(letter.mask, 8, 6, shift(0, -9)).includes(1)).toBe(false);
    expect(rows({ ...letter, mask: moved(letter.mask, 8, 6, shift(-2, 0)) })[1]).toBe('##......');
  });

  it('turned by a right angle about its middle keeps every pixel', () => {
    const square = drawn('......', '.##...', '.#....', '.####.', '......', '......');
    const turned = moved(square.mask, 6, 6, turn(Math.PI / 2, { x: 3, y: 3 }));
    expect(rows({ ...square, mask: turned })).toEqual(
      rows(drawn('......', '..###.', '..#.#.', '..#...', '..#...', '......')),
    );
  });

  it('scaled by two has four times the area, and mirrored the same area', () => {
    const disc = make(80, 80, (x, y) => Math.hypot(x - 39.5, y - 39.5) < 12);
    const area = (mask: Uint8Array): number => mask.reduce((sum, v) => sum + v, 0);
    const twice = moved(disc, 80, 80, scale(2, 2, { x: 40, y: 40 }));
    expect(area(twice) / area(disc)).toBeCloseTo(4, 1);
    const mirrored = moved(letter.mask, 8, 6, scale(-1, 1, { x: 4, y: 0 }));
    expect(rows({ ...letter, mask: mirrored })[1]).toBe('....###.');
  });

  it('is changed by one map as by two, one after the other', () => {
    const both = after(turn(0.3, { x: 1, y: 2 }), scale(2, 3, { x: 4, y: 5 }));
    const p = { x: 7, y: -2 };
    const once = apply(both, p);
    const twice = apply(scale(2, 3, { x: 4, y: 5 }), apply(turn(0.3, { x: 1, y: 2 }), p));
    expect(once.x).toBeCloseTo(twice.x, 9);
    expect(once.y).toBeCloseTo(twice.y, 9);
  });
});

describe('the box around a label', () => {
  const box = { x: 20, y: 10, width: 40, height: 20 };

  it('has corners and sides, a knob above it, and an inside', () => {
    expect(handleAt({ x: 20, y: 10 }, box, 2)).toEqual({ kind: 'scale', across: -1, down: -1 });
    expect(handleAt({ x: 61, y: 21 }, box, 2)).toEqual({ kind: 'scale', across: 1, down: 0 });
    expect(handleAt({ x: 40, y: -3 }, box, 2)).toEqual({ kind: 'turn' });
    expect(handleAt({ x: 33, y: 20 }, box, 2)).toEqual({ kind: 'move' });
    // A label of ten pixels on the screen can still be moved.
    expect(handleAt({ x: 40, y: 20 }, box, 0.25)).toEqual({ kind: 'move' });
    expect(handleAt({ x: 90, y: 20 }, box, 2)).toBeNull();
  });

  it('is scaled by a corner with the opposite corner fixed, and never turned inside out', () => {
    const corner = { kind: 'scale', across: 1, down: 1 } as const;
    const from = { x: 60, y: 30 };
    expect(dragged(corner, box, from, { x: 80, y: 30 }, false)).toEqual(
      scale(1.5, 1, { x: 20, y: 10 }),
    );
    expect(dragged(corner, box, from, { x: 80, y: 30 }, true)).toEqual(
      scale(1.5, 1.5, { x: 20, y: 10 }),
    );
    expect(dragged(corner, box, from, { x: -900, y: 30 }, false).a).toBeGreaterThan(0);
  });

  it('turns about its middle, by steps of 15° if asked to', () => {
    const [from, to] = [
      { x: 40, y: -3 },
      { x: 41, y: -3 },
    ];
    expect(apply(dragged({ kind: 'turn' }, box, from, to, false), { x: 40, y: 20 })).toEqual({
      x: 40,
      y: 20,
    });
    expect(dragged({ kind: 'turn' }, box, from, to, true)).toMatchObject({ a: 1, b: 0 });
  });
});
