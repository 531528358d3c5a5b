/** The window and lengths in words. Pure. */
import { decimal } from '../../audit/contract/words.ts';
import type { Position } from '../drawing/types.ts';
import type { Window } from '../case/types.ts';

/** `W 2310 L 1840`, and whether it is inverted. */
export function windowWords({ low, high, invert }: Window): string {
  const words = `W ${Math.round(high - low)} L ${Math.round((low + high) / 2)}`;
  return invert ? `${words} inverted` : words;
}

/** `211.4 px`, followed by millimetres if the spacing (horizontal, vertical) is known. */
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
