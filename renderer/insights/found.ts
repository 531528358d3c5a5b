/** The curve of errors found: compared with chance, and what to do next. Pure. */
import type { Insights } from '../../audit/contract/api.ts';
import { plural } from '../../audit/contract/words.ts';

type Point = Insights['curve'][number];

/** Number of errors found after `reviewed` labels, interpolated linearly between the points. */
export function foundAt(curve: readonly Point[], reviewed: number): number {
  let before: Point = { reviewed: 0, found: 0 };
  for (const point of curve) {
    if (point.reviewed >= reviewed) {
      const span = point.reviewed - before.reviewed;
      if (span === 0) return point.found;
      const share = (reviewed - before.reviewed) / span;
      return before.found + share * (point.found - before.found);
    }
    before = point;
  }
  return before.found;
}

/** How many of the last `window` reviewed labels were errors; null if no label was reviewed. */
export function lately(
  curve: readonly Point[],
  window = 20,
): { labels: number; errors: number } | null {
  const last = curve.at(-1);
  if (!last || last.reviewed === 0) return null;
  const labels = Math.min(window, last.reviewed);
  const errors = Math.round(last.found - foundAt(curve, last.reviewed - labels));
  return { labels, errors };
}

/** What to do next, in one or two sentences. */
export function advice(curve: readonly Point[], open: number): string {
  const recent = lately(curve);
  if (!recent) return 'Nothing was reviewed yet. Begin with the worst label: errors come early.';
  if (open === 0) return 'Every label has a verdict. Train once more to see what moved, or export.';
  const { labels, errors } = recent;
  const said = `Of the last ${labels} labels you reviewed, ${errors} ${plural(errors, 'was an error', 'were errors')}.`;
  if (labels < 20) return `${said} Go on: it is too early to tell.`;
  if (errors >= labels / 4) return `${said} Errors are still frequent: go on.`;
  if (errors > 0)
    return `${said} They become rarer: train again on what you corrected, then go on.`;
  return `${said} Train again on what you corrected: errors that are still far down the list may then rank at its top.`;
}

/**
 * Two lines over the number of reviewed labels: the errors found, and the errors that a review in random
 * order would find if there were no others than those found.
 */
export function againstChance(
  curve: readonly Point[],
  total: number,
): { x: number[]; found: (number | null)[]; chance: (number | null)[] } {
  const last = curve.at(-1) ?? { reviewed: 0, found: 0 };
  const rate = total > 0 ? last.found / total : 0;
  const x = curve.map(({ reviewed }) => reviewed);
  const found: (number | null)[] = curve.map((point) => point.found);
  if (total > last.reviewed) {
    x.push(total);
    found.push(null);
  }
  return { x, found, chance: x.map((reviewed) => reviewed * rate) };
}
