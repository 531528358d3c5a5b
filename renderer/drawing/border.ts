/** Changes a mask along its outline: fills what lies between its parts, leaves a rim, smooths the border. */
import { paintCapsule } from './capsule.ts';
import { fillOutline, outlineOf } from './outline.ts';
import type { Ring } from './outline.ts';
import { wholeOf } from './rect.ts';

/** Writes `value` where a pixel's centre is at most `radius` away from the rings. */
function paintAlong(
  mask: Uint8Array,
  width: number,
  height: number,
  rings: readonly Ring[],
  radius: number,
  value: 0 | 1,
): void {
  const canvas = { width, height, mask };
  for (const ring of rings) {
    let last = { x: ring[ring.length - 2], y: ring[ring.length - 1], radius };
    for (let i = 0; i < ring.length; i += 2) {
      const next = { x: ring[i], y: ring[i + 1], radius };
      paintCapsule(canvas, last, next, value);
      last = next;
    }
  }
}

/** Fills gaps, notches and holes that are narrower than 2 · radius, in pixels. It removes nothing. */
export function fillBetween(
  mask: Uint8Array,
  width: number,
  height: number,
  radius: number,
): Uint8Array {
  const result = mask.slice();
  paintAlong(result, width, height, outlineOf(mask, width, height), radius, 1);
  paintAlong(result, width, height, outlineOf(result, width, height), radius, 0);
  for (let i = 0; i < mask.length; i += 1) if (mask[i] === 1) result[i] = 1;
  return result;
}

/** Leaves of the mask only a rim of this many pixels along its outline. */
export function hollow(mask: Uint8Array, width: number, height: number, rim: number): Uint8Array {
  const result = new Uint8Array(mask.length);
  paintAlong(result, width, height, outlineOf(mask, width, height), rim, 1);
  for (let i = 0; i < mask.length; i += 1) if (mask[i] === 0) result[i] = 0;
  return result;
}

/** Points to either side over which the outline is averaged. */
const REACH = 6;
/** Shorter rings than this many points stay: a few pixels have no smooth outline. */
const SHORTEST = 4 * REACH;

/** Smooths the outline alone: every part and every hole stays, and so does its area, nearly. */
export function smoothOutline(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rings = outlineOf(mask, width, height).map((ring) =>
    ring.length < 2 * SHORTEST ? ring : smoothRing(ring),
  );
  const result = new Uint8Array(mask.length);
  fillOutline({ width, height, mask: result }, rings, wholeOf(width, height));
  return result;
}

/** Averages twice; adding the average of what that took away keeps the ring from shrinking. */
function smoothRing(ring: Ring): Ring {
  const average = (points: Ring): Ring => averaged(averaged(points));
  const once = average(ring);
  const back = average(ring.map((value, i) => value - once[i]));
  return once.map((value, i) => value + back[i]);
}

/** The mean of each point and its neighbours. */
function averaged(ring: Ring): Ring {
  const points = ring.length / 2;
  const result: Ring = new Array<number>(ring.length);
  for (const axis of [0, 1]) {
    const at = (n: number): number => ring[2 * ((n + points) % points) + axis];
    let sum = 0;
    for (let n = -REACH; n <= REACH; n += 1) sum += at(n);
    for (let n = 0; n < points; n += 1) {
      result[2 * n + axis] = sum / (2 * REACH + 1);
      sum += at(n + REACH + 1) - at(n - REACH);
    }
  }
  return result;
}
