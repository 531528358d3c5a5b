/** Small statistics of plain numbers. */

/** @returns NaN for no numbers */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Quantiles by linear interpolation between order statistics; zeros for no numbers. */
export function quantiles(values: readonly number[], shares: readonly number[]): number[] {
  if (values.length === 0) return shares.map(() => 0);
  const sorted = [...values].sort((a, b) => a - b);
  return shares.map((share) => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
  });
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, ties sharing their mean rank.
 * @returns −1 … 1; 0 when one side does not vary
 */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(ranks(a), ranks(b));
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    covariance += (a[i] - meanA) * (b[i] - meanB);
    varianceA += (a[i] - meanA) ** 2;
    varianceB += (b[i] - meanB) ** 2;
  }
  return varianceA > 0 && varianceB > 0 ? covariance / Math.sqrt(varianceA * varianceB) : 0;
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const result = values.map(() => 0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]] === values[order[start]]) end += 1;
    for (let i = start; i <= end; i++) result[order[i]] = (start + end) / 2;
    start = end + 1;
  }
  return result;
}
