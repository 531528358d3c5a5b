/** The box around a label with its handles: where they are, and what a drag of each does to the label. */
import { scale, shift, turn } from './affine.ts';
import type { Affine } from './affine.ts';
import type { Position, Rect } from './types.ts';

/** A corner or side of the box (−1, 0 or 1 across and down), the knob that turns it, or its inside. */
export type Handle =
  | { readonly kind: 'scale'; readonly across: -1 | 0 | 1; readonly down: -1 | 0 | 1 }
  | { readonly kind: 'turn' }
  | { readonly kind: 'move' };

/** The knob lies this far above the box, in CSS pixels. */
export const KNOB = 26;
/** How near the pointer must be to a handle, in CSS pixels. */
const REACH = 9;
/** With the modifier a label turns by steps of this angle. */
const NOTCH = Math.PI / 12;
/** The smallest factor by which a drag scales. */
const LEAST = 0.02;

export const middleOf = ({ x, y, width, height }: Rect): Position => ({
  x: x + width / 2,
  y: y + height / 2,
});

/** Where the scaling handles are: four corners, then four sides. */
export const SCALING: readonly Extract<Handle, { kind: 'scale' }>[] = (
  [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ] as const
).map(([across, down]) => ({ kind: 'scale', across, down }));

export const placeOf = (
  { across, down }: { readonly across: number; readonly down: number },
  { x, y, width, height }: Rect,
): Position => ({
  x: x + (width * (across + 1)) / 2,
  y: y + (height * (down + 1)) / 2,
});

/** The handle at a point, or null. @param zoom CSS pixels per image pixel */
export function handleAt(point: Position, box: Rect, zoom: number): Handle | null {
  const near = (at: Position): boolean =>
    Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y)) * zoom <= REACH;
  if (near({ x: box.x + box.width / 2, y: box.y - KNOB / zoom })) return { kind: 'turn' };
  // A small label must leave room to take hold of it.
  const rim = (side: number): number => Math.min(REACH / zoom, side / 4);
  const within = (at: number, start: number, side: number): boolean =>
    at > start + rim(side) && at < start + side - rim(side);
  if (within(point.x, box.x, box.width) && within(point.y, box.y, box.height))
    return { kind: 'move' };
  const scaling = SCALING.find((handle) => near(placeOf(handle, box)));
  if (scaling) return scaling;
  const inside = (at: number, start: number, side: number): boolean =>
    at >= start && at <= start + side;
  return inside(point.x, box.x, box.width) && inside(point.y, box.y, box.height)
    ? { kind: 'move' }
    : null;
}

/**
 * What the drag of a handle from one point to another does.
 * @param steady keeps the proportions of a corner, and turns by steps of 15°
 */
export function dragged(
  handle: Handle,
  box: Rect,
  from: Position,
  to: Position,
  steady: boolean,
): Affine {
  if (handle.kind === 'move') return shift(to.x - from.x, to.y - from.y);
  const middle = middleOf(box);
  if (handle.kind === 'turn') {
    const angle =
      Math.atan2(to.y - middle.y, to.x - middle.x) -
      Math.atan2(from.y - middle.y, from.x - middle.x);
    return turn(steady ? Math.round(angle / NOTCH) * NOTCH : angle, middle);
  }
  const { across, down } = handle;
  const grown = (side: number, length: number, by: number): number =>
    side === 0 ? 1 : Math.max(LEAST, (length + side * by) / length);
  const x = grown(across, box.width, to.x - from.x);
  const y = grown(down, box.height, to.y - from.y);
  const fixed = placeOf({ across: -across, down: -down }, box);
  if (!steady || across === 0 || down === 0) return scale(x, y, fixed);
  const both = Math.abs(x - 1) > Math.abs(y - 1) ? x : y;
  return scale(both, both, fixed);
}
