/** Says why labels are suspected, short enough for a row of a table. */
import type { LabelReasons } from '../contract/terms.ts';
import { decimal } from '../contract/words.ts';
import { ODD_AREA, POOR_DICE, SHOWN_BOUNDARY } from '../ranking/thresholds.ts';

/** A row names at most this many labels. */
const NAMED = 3;

function describe(reasons: LabelReasons): string {
  const { structure, expected, dice, boundary, areaRatio, areaZ } = reasons;
  const parts: string[] = [];
  if (expected !== null) {
    const [low, high] = [expected.low, expected.high].map((value) => decimal(value, 2));
    parts.push(`expected ${decimal(expected.dice, 2)} (${low}–${high})`);
  }
  if (dice !== null) parts.push(`dice ${decimal(dice, 2)}`);
  if (boundary !== null && Math.abs(boundary) >= SHOWN_BOUNDARY) {
    parts.push(`${decimal(Math.abs(boundary), 1)} px ${boundary < 0 ? 'inside' : 'outside'}`);
  }
  if (areaRatio === 0) parts.push('empty');
  else if (Math.abs(areaZ) >= ODD_AREA) parts.push(`area ×${decimal(areaRatio, 2)}`);
  return `${structure}: ${parts.join(', ')}`;
}

/**
 * The labels with a poor dice or an unusual area, worst first, for example
 * `heart: dice 0.71, 9.4 px inside; lung: dice 0.88`; empty if there is no such label.
 */
export function shortReasons(reasons: readonly LabelReasons[]): string {
  const odd = reasons.filter(
    ({ dice, areaZ }) => (dice !== null && dice < POOR_DICE) || Math.abs(areaZ) >= ODD_AREA,
  );
  return [...odd]
    .sort((a, b) => (a.dice ?? 1) - (b.dice ?? 1))
    .slice(0, NAMED)
    .map(describe)
    .join('; ');
}
