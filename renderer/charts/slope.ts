/** Places the lines of a slope chart: from a case's rank before (left) to its rank after (right). Pure. */

interface SlopeInput {
  readonly before: number | null;
  readonly after: number | null;
}

interface SlopeLine {
  readonly index: number;
  /** Rows from the top, 0 … `rows`; the last row holds everything below the top. */
  readonly left: number | null;
  readonly right: number | null;
  readonly kind: 'stayed' | 'entered' | 'left';
}

/**
 * Ranks up to `top` have a row each; all others share the row `top` (the last), where a line ends
 * that comes from or goes to below. Null stays null: the case was not ranked at all.
 */
export function slopeLines(cases: readonly SlopeInput[], top: number): SlopeLine[] {
  const row = (rank: number | null): number | null =>
    rank === null ? null : rank <= top ? rank - 1 : top;
  return cases.map(({ before, after }, index) => {
    const wasIn = before !== null && before <= top;
    const isIn = after !== null && after <= top;
    return {
      index,
      left: row(before),
      right: row(after),
      kind: wasIn && isIn ? 'stayed' : isIn ? 'entered' : 'left',
    };
  });
}
