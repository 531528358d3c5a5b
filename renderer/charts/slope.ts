/** Places the lines of a slope chart: from a case's rank before (left) to its rank after (right). Pure. */

interface SlopeInput {
  readonly before: number | null;
  readonly after: number | null;
}

interface SlopeLine {
  readonly index: number;
  /** The line's row on each side, from 0; row `top` holds all ranks after `top`. Null: not ranked. */
  readonly left: number | null;
  readonly right: number | null;
  readonly kind: 'stayed' | 'entered' | 'left';
}

/**
 * Each rank up to `top` has a row of its own. All ranks after it share the last row, whose number is `top`. A
 * case that was not ranked has null in place of a row.
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
