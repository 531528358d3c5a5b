/** Arithmetic of rectangles of whole pixels. Null is the empty rectangle. */
import type { Rect } from './types.ts';

export function uniteRects(a: Rect | null, b: Rect | null): Rect | null {
  if (!a || !b) return a ?? b;
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** The part of [left, right) × [top, bottom) that lies in the image; null if none does. */
export function clipped(
  left: number,
  top: number,
  right: number,
  bottom: number,
  width: number,
  height: number,
): Rect | null {
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  const across = Math.min(width, right) - x;
  const down = Math.min(height, bottom) - y;
  return across > 0 && down > 0 ? { x, y, width: across, height: down } : null;
}

export const wholeOf = (width: number, height: number): Rect => ({ x: 0, y: 0, width, height });
