/**
 * Control points on an outline: some of a ring's points, by which the person moves it. What lies between two
 * control points keeps its shape as far as it can.
 */
import type { Ring } from './outline.ts';
import type { Position } from './types.ts';

/** Indexes of a ring's control points, in ascending order; point n is at 2 n and 2 n + 1 of the ring. */
export type Controls = readonly number[];

const pointOf = (ring: Ring, n: number): Position => ({ x: ring[2 * n], y: ring[2 * n + 1] });

export const placesOf = (ring: Ring, controls: Controls): Position[] =>
  controls.map((n) => pointOf(ring, n));

/** The control points before and after one. */
const neighbours = (controls: Controls, k: number): [number, number] => [
  controls[(k + controls.length - 1) % controls.length],
  controls[(k + 1) % controls.length],
];

/** How far p is from the line from a to b. */
function apart(p: Position, a: Position, b: Position): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
  const t = Math.max(0, Math.min(1, along));
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/**
 * The points of a ring without which a polygon would be further than `tolerance` pixels from it (Douglas and
 * Peucker 1973), three at least.
 */
export function controlsOf(ring: Ring, tolerance: number): number[] {
  const count = ring.length / 2;
  if (count <= 3) return Array.from({ length: count }, (_, n) => n);
  const thirds = [0, Math.floor(count / 3), Math.floor((2 * count) / 3), count];
  const found = new Set<number>();
  const split = (from: number, to: number): void => {
    found.add(from);
    let most = tolerance;
    let furthest = -1;
    const [a, b] = [pointOf(ring, from), pointOf(ring, to % count)];
    for (let n = from + 1; n < to; n += 1) {
      const far = apart(pointOf(ring, n), a, b);
      if (far > most) [most, furthest] = [far, n];
    }
    if (furthest < 0) return;
    split(from, furthest);
    split(furthest, to);
  };
  for (let n = 0; n < 3; n += 1) split(thirds[n], thirds[n + 1]);
  const sorted = [...found].sort((a, b) => a - b);
  // The search began at three points, which may lie on a straight part.
  for (const start of thirds.slice(0, 3)) {
    const k = sorted.indexOf(start);
    const [before, after] = neighbours(sorted, k);
    const far = apart(pointOf(ring, start), pointOf(ring, before), pointOf(ring, after));
    if (sorted.length > 3 && far <= tolerance) sorted.splice(k, 1);
  }
  return sorted;
}

/** Calls `visit` for each point between two points of the ring, going forwards, without both. */
function between(count: number, from: number, to: number, visit: (n: number) => void): void {
  for (let n = (from + 1) % count; n !== to; n = (n + 1) % count) visit(n);
}

/** The ring with control point `k` moved; the ring goes along up to the control points beside it. */
export function pull(ring: Ring, controls: Controls, k: number, by: Position): Ring {
  const count = ring.length / 2;
  const moved = ring.slice();
  const [before, after] = neighbours(controls, k);
  const here = controls[k];
  const move = (n: number, share: number): void => {
    const smooth = share * share * (3 - 2 * share);
    moved[2 * n] += smooth * by.x;
    moved[2 * n + 1] += smooth * by.y;
  };
  move(here, 1);
  const side = (from: number, to: number, rises: boolean): void => {
    const steps = (to - from + count) % count || count;
    let n = 0;
    between(count, from, to, (at) => {
      n += 1;
      move(at, rises ? n / steps : 1 - n / steps);
    });
  };
  side(before, here, true);
  side(here, after, false);
  return moved;
}

/** The ring without control point `k`: it goes straight between the control points beside it. */
export function straighten(ring: Ring, controls: Controls, k: number): Ring {
  const count = ring.length / 2;
  const result = ring.slice();
  const [before, after] = neighbours(controls, k);
  const [a, b] = [pointOf(ring, before), pointOf(ring, after)];
  const steps = (after - before + count) % count || count;
  let n = 0;
  between(count, before, after, (at) => {
    n += 1;
    result[2 * at] = a.x + ((b.x - a.x) * n) / steps;
    result[2 * at + 1] = a.y + ((b.y - a.y) * n) / steps;
  });
  return result;
}

/** The point of the rings that is nearest to a place, at most `reach` pixels away; null if none is. */
export function nearestPoint(
  rings: readonly Ring[],
  at: Position,
  reach: number,
): { readonly ring: number; readonly n: number } | null {
  let best: { ring: number; n: number } | null = null;
  let least = reach * reach;
  rings.forEach((ring, r) => {
    for (let i = 0; i < ring.length; i += 2) {
      const square = (ring[i] - at.x) ** 2 + (ring[i + 1] - at.y) ** 2;
      if (square <= least) [least, best] = [square, { ring: r, n: i / 2 }];
    }
  });
  return best;
}
