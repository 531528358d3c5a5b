/**
 * What tools do to a label's mask while the pointer is held down. When it is let go, what a gesture has done
 * is one step of undo.
 */
import { boundsOfRings, moveRings } from './affine.ts';
import type { Affine } from './affine.ts';
import { paintCapsule } from './capsule.ts';
import type { Allowed, Canvas, Dab } from './capsule.ts';
import { copyRect } from './edits.ts';
import { dragged } from './handles.ts';
import type { Handle } from './handles.ts';
import { nudge } from './nudge.ts';
import { fillOutline, outlineOf } from './outline.ts';
import { uniteRects } from './rect.ts';
import { Region } from './region.ts';
import type { Ground } from './region.ts';
import type { PenPoint, Position, Rect } from './types.ts';

export interface Gesture {
  /** The pointer has moved on. @returns the rectangle of pixels that may have changed, or null */
  move(points: readonly PenPoint[]): Rect | null;
  /** The pointer is let go. @returns like `move` */
  end?(): Rect | null;
}

/** Brush and eraser. @param dab the brush at a place of the pointer */
export function brush(
  canvas: Canvas,
  value: 0 | 1,
  first: PenPoint,
  dab: (point: PenPoint) => Dab,
  allowed: Allowed | null,
): Gesture {
  let last = dab(first);
  return {
    move(points) {
      let rect: Rect | null = null;
      for (const point of points) {
        const next = dab(point);
        rect = uniteRects(rect, paintCapsule(canvas, last, next, value, allowed));
        last = next;
      }
      return rect;
    },
  };
}

/** Pushes and pulls the outline. */
export function nudging(canvas: Canvas, first: Position, radius: number): Gesture {
  const { width, height, mask } = canvas;
  const rings = outlineOf(mask, width, height);
  let last = first;
  return {
    move(points) {
      let rect: Rect | null = null;
      for (const point of points) {
        rect = uniteRects(rect, nudge(rings, last, point, radius, width, height));
        last = point;
      }
      if (rect) fillOutline(canvas, rings, rect);
      return rect;
    },
  };
}

/**
 * Moves, turns or scales the whole label by a handle of the box around it.
 * @param before the mask as it was, which the gesture does not change
 * @param steady see `dragged`
 * @param moved called with what the drag has done so far
 */
export function reshaping(
  canvas: Canvas,
  before: Uint8Array,
  box: Rect,
  handle: Handle,
  first: Position,
  steady: boolean,
  moved: (by: Affine) => void,
): Gesture {
  const { width, height } = canvas;
  const rings = outlineOf(before, width, height);
  let shown = boundsOfRings(rings, width, height);
  return {
    move(points) {
      const by = dragged(handle, box, first, points[points.length - 1], steady);
      const now = moveRings(rings, by);
      const bounds = boundsOfRings(now, width, height);
      const rect = uniteRects(shown, bounds);
      if (rect) fillOutline(canvas, now, rect);
      moved(by);
      shown = bounds;
      return rect;
    },
  };
}

/**
 * Grows a region from the first point; a drag to the right or up makes it tolerate more.
 * @param zoom CSS pixels per image pixel
 * @param tolerance where the drag begins; `chosen` is called with each tolerance that it comes to
 */
export function growing(
  canvas: Canvas,
  before: Uint8Array,
  ground: Ground,
  value: 0 | 1,
  first: Position,
  zoom: number,
  tolerance: number,
  chosen: (tolerance: number) => void,
): Gesture | null {
  const [x, y] = [Math.floor(first.x), Math.floor(first.y)];
  if (x < 0 || y < 0 || x >= ground.width || y >= ground.height) return null;
  const region = new Region(ground, x, y);
  let shown: Rect | null = null;
  let now = tolerance;
  const show = (solid: boolean): Rect => {
    if (shown) copyRect(before, canvas.mask, canvas.width, shown);
    const old = shown;
    shown = region.write(canvas, before, now, value, solid);
    return uniteRects(old, shown) ?? shown;
  };
  return {
    move(points) {
      const { x: right, y: low } = points[points.length - 1];
      const by = ((right - first.x - (low - first.y)) * zoom) / 1.5;
      const next = Math.round(Math.max(0, Math.min(TOLERANT, tolerance + by)));
      if (shown && next === now) return null;
      now = next;
      chosen(now);
      return show(false);
    },
    end: () => show(true),
  };
}

/** The largest tolerance that a drag chooses. */
export const TOLERANT = 128;
