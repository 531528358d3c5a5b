/** Moves, turns and scales outlines: p → (a x + c y + e, b x + d y + f), as in a CSS matrix. */
import type { Ring } from './outline.ts';
import { clipped } from './rect.ts';
import type { Position, Rect } from './types.ts';

export interface Affine {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
}

export const SAME: Affine = { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 };

export const shift = (x: number, y: number): Affine => ({ ...SAME, e: x, f: y });

/** @param angle in radians, clockwise on the screen */
export function turn(angle: number, about: Position): Affine {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    a: cos,
    b: sin,
    c: -sin,
    d: cos,
    e: about.x - cos * about.x + sin * about.y,
    f: about.y - sin * about.x - cos * about.y,
  };
}

export const scale = (x: number, y: number, about: Position): Affine => ({
  ...SAME,
  a: x,
  d: y,
  e: about.x * (1 - x),
  f: about.y * (1 - y),
});

/** First `first`, then `next`. */
export const after = (first: Affine, next: Affine): Affine => ({
  a: next.a * first.a + next.c * first.b,
  b: next.b * first.a + next.d * first.b,
  c: next.a * first.c + next.c * first.d,
  d: next.b * first.c + next.d * first.d,
  e: next.a * first.e + next.c * first.f + next.e,
  f: next.b * first.e + next.d * first.f + next.f,
});

export const apply = ({ a, b, c, d, e, f }: Affine, { x, y }: Position): Position => ({
  x: a * x + c * y + e,
  y: b * x + d * y + f,
});

/** The rings moved. A mirrored ring is turned round, so that what it encloses stays on its right. */
export function moveRings(rings: readonly Ring[], by: Affine): Ring[] {
  const mirrored = by.a * by.d - by.b * by.c < 0;
  return rings.map((ring) => {
    const moved: Ring = new Array<number>(ring.length);
    for (let i = 0; i < ring.length; i += 2) {
      const at = mirrored ? ring.length - 2 - i : i;
      moved[at] = by.a * ring[i] + by.c * ring[i + 1] + by.e;
      moved[at + 1] = by.b * ring[i] + by.d * ring[i + 1] + by.f;
    }
    return moved;
  });
}

/** The rectangle around all pixels that the rings may enclose, cut to the image; null if there are none. */
export function boundsOfRings(rings: readonly Ring[], width: number, height: number): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      left = Math.min(left, ring[i]);
      right = Math.max(right, ring[i]);
      top = Math.min(top, ring[i + 1]);
      bottom = Math.max(bottom, ring[i + 1]);
    }
  }
  if (left > right) return null;
  return clipped(
    Math.floor(left),
    Math.floor(top),
    Math.ceil(right),
    Math.ceil(bottom),
    width,
    height,
  );
}
