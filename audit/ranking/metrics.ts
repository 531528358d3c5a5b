/**
 * Measures how well a score finds errors. A lower score is worse; in `errors`, true marks an error. Where
 * scores are equal, `auroc` and `liftAt` give the average over all orders of the equal ones, and
 * `averagePrecision` takes them as one step.
 */
import { averageRanks } from '../../models/statistics.ts';

function count(errors: readonly boolean[]): number {
  return errors.reduce((sum, error) => sum + (error ? 1 : 0), 0);
}

/**
 * Area under the ROC curve: the chance that a random error has a lower score than a random entry that is
 * no error, where a tie counts half (Mann and Whitney's U). Null if all entries are errors, or none is.
 */
export function auroc(scores: readonly number[], errors: readonly boolean[]): number | null {
  const bad = count(errors);
  const good = errors.length - bad;
  if (bad === 0 || good === 0) return null;
  const ranks = averageRanks(scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i += 1) if (!errors[i]) sum += ranks[i];
  return (sum - (good * (good + 1)) / 2) / (good * bad);
}

/** Groups of equal scores, worst first: the size of each and its number of errors. */
function groups(
  scores: readonly number[],
  errors: readonly boolean[],
): { size: number; errors: number }[] {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  const result: { size: number; errors: number }[] = [];
  let last = NaN;
  for (const i of order) {
    if (scores[i] !== last) result.push({ size: 0, errors: 0 });
    last = scores[i]!;
    const group = result[result.length - 1];
    group.size += 1;
    if (errors[i]) group.errors += 1;
  }
  return result;
}

/**
 * Average precision, Σ (recallₙ − recallₙ₋₁)·precisionₙ over the distinct scores, worst first: the
 * step form of the area under the precision-recall curve. Null without an error.
 */
export function averagePrecision(
  scores: readonly number[],
  errors: readonly boolean[],
): number | null {
  const bad = count(errors);
  if (bad === 0) return null;
  let seen = 0;
  let found = 0;
  let sum = 0;
  for (const group of groups(scores, errors)) {
    seen += group.size;
    found += group.errors;
    sum += (group.errors / bad) * (found / seen);
  }
  return sum;
}

/**
 * Lift at the worst `share` of the N entries: the share of errors among the ⌈share·N⌉ entries with the
 * lowest scores, divided by the share of errors among all; 1 is no better than chance. Null without an error.
 */
export function liftAt(
  share: number,
  scores: readonly number[],
  errors: readonly boolean[],
): number | null {
  const bad = count(errors);
  if (bad === 0) return null;
  const top = Math.max(1, Math.ceil(share * scores.length - 1e-9));
  let left = top;
  let found = 0;
  for (const group of groups(scores, errors)) {
    const taken = Math.min(left, group.size);
    found += (group.errors * taken) / group.size;
    left -= taken;
    if (left === 0) break;
  }
  return found / top / (bad / scores.length);
}
