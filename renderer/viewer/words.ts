/** The window and lengths in words. Pure. */
import { decimal } from '../../audit/contract/words.ts';
import type { Position } from '../drawing/types.ts';
import type { Window } from '../case/types.ts';

/** The window's width and level, such as `W 2310 L 1840`, or `W 2310 L 1840 inverted`. */
export function windowWords({ low, high, invert }: Window): string {
  const words = `W ${Math.round(high - low)} L ${Math.round((low + high) / 2)}`;
  return invert ? `${words} inverted` : words;
}

/**
 * A length such as `211.4 px`, or `211.4 px · 30.2 mm` if the spacing is known.
 * @param spacing millimetres per pixel, horizontal and vertical
 */
export function lengthWords(
  from: Position,
  to: Position,
  spacing: readonly [number, number] | null,
): string {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const pixels = `${decimal(Math.hypot(dx, dy), 1)} px`;
  if (!spacing) return pixels;
  return `${pixels} · ${decimal(Math.hypot(dx * spacing[0], dy * spacing[1]), 1)} mm`;
}
