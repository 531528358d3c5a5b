/**
 * Pushes and pulls an outline with a round tool. What lies under the inner half of the tool goes with it;
 * towards the rim the outline stays behind, smoothly, so that it never tears.
 */
import type { Ring } from './outline.ts';
import { clipped } from './rect.ts';
import type { Position, Rect } from './types.ts';

/** The share of the radius within which the outline goes along entirely. */
const CORE = 0.5;
/** The longest step at a time, as a share of the radius: longer ones would fold the outline. */
const STEP = 1 / 8;
/** Two points further apart than this, in pixels, get a point between them. */
const APART = 1.5;
/** Of two points nearer than this, in pixels, one is dropped. */
const TOGETHER = 0.3;

/** The share of a step that a point makes. @param share its distance from the middle, divided by the radius */
function follows(share: number): number {
  if (share <= CORE) return 1;
  const t = (1 - share) / (1 - CORE);
  return t * t * (3 - 2 * t);
}

/**
 * Moves the rings' points as the tool of this radius goes from one place to another.
 * @returns the rectangle around what moved, cut to the image; null if nothing did
 */
export function nudge(
  rings: readonly Ring[],
  from: Position,
  to: Position,
  radius: number,
  width: number,
  height: number,
): Rect | null {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / (radius * STEP));
  if (steps === 0) return null;
  const step = { x: (to.x - from.x) / steps, y: (to.y - from.y) / steps };
  const bounds: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (let n = 0; n < steps; n += 1) {
    const middle = { x: from.x + n * step.x, y: from.y + n * step.y };
    for (const ring of rings) if (moveRing(ring, middle, step, radius, bounds)) refine(ring);
  }
  const [left, top, right, bottom] = bounds;
  if (left > right) return null;
  return clipped(
    Math.floor(left) - 1,
    Math.floor(top) - 1,
    Math.ceil(right) + 1,
    Math.ceil(bottom) + 1,
    width,
    height,
  );
}

type Bounds = [left: number, top: number, right: number, bottom: number];

/** Moves a ring's points by one step, and widens `bounds` by what changes. @returns whether a point moved */
function moveRing(
  ring: Ring,
  middle: Position,
  step: Position,
  radius: number,
  bounds: Bounds,
): boolean {
  let moved = false;
  const take = (i: number): void => {
    const at = (i + ring.length) % ring.length;
    bounds[0] = Math.min(bounds[0], ring[at]);
    bounds[1] = Math.min(bounds[1], ring[at + 1]);
    bounds[2] = Math.max(bounds[2], ring[at]);
    bounds[3] = Math.max(bounds[3], ring[at + 1]);
  };
  for (let i = 0; i < ring.length; i += 2) {
    const dx = ring[i] - middle.x;
    if (dx > radius || dx < -radius) continue;
    const dy = ring[i + 1] - middle.y;
    const square = dx * dx + dy * dy;
    if (square >= radius * radius) continue;
    const share = follows(Math.sqrt(square) / radius);
    // The edges to both neighbours change, too.
    take(i - 2);
    take(i);
    take(i + 2);
    ring[i] += share * step.x;
    ring[i + 1] += share * step.y;
    take(i);
    moved = true;
  }
  return moved;
}

/** Puts points between points that the tool has drawn apart, and drops points that it has pushed together. */
function refine(ring: Ring): void {
  const old = ring.slice();
  let [x0, y0] = [old[old.length - 2], old[old.length - 1]];
  ring.length = 0;
  for (let i = 0; i < old.length; i += 2) {
    const [x, y] = [old[i], old[i + 1]];
    const apart = Math.hypot(x - x0, y - y0);
    // A ring keeps at least three points.
    if (apart < TOGETHER && ring.length + old.length - i > 6) continue;
    if (apart > APART) ring.push((x + x0) / 2, (y + y0) / 2);
    ring.push(x, y);
    [x0, y0] = [x, y];
  }
}
