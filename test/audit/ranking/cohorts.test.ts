import { describe, expect, it } from 'vitest';
import { cohortsOf } from '../../../audit/ranking/cohorts.ts';

/**
 * Finds the cohorts of labels that are made for the test.
 * @param counts for each structure: how many of its labels are drawn, and how many are empty
 * @returns for each structure: the numbers of its labels' cohorts
 */
function cohorts(counts: readonly (readonly [drawn: number, empty: number])[]): number[][] {
  const rows = counts.flatMap(([drawn, empty], structure) => [
    ...Array.from({ length: drawn }, () => ({ structure, area: 0.1 })),
    ...Array.from({ length: empty }, () => ({ structure, area: 0 })),
  ]);
  const found = cohortsOf({
    structures: rows.map(({ structure }) => structure),
    area: rows.map(({ area }) => area),
  });
  return counts.map((_, structure) => [
    ...new Set(found.filter((__, row) => rows[row].structure === structure)),
  ]);
}

describe('the labels that a label is compared with', () => {
  it('are drawn or empty as it is, and of its structure', () => {
    expect(
      cohorts([
        [10, 10],
        [30, 200],
      ]),
    ).toEqual([
      [1, 0],
      [3, 2],
    ]);
  });

  it('are all of its structure where few are of one kind', () => {
    expect(cohorts([[200, 9]])).toEqual([[1]]);
    expect(
      cohorts([
        [9, 200],
        [0, 50],
        [50, 0],
        [10, 10],
      ]),
    ).toEqual([[1], [3], [5], [7, 6]]);
  });

  it('are none without labels', () => {
    expect([...cohortsOf({ structures: [], area: [] })]).toEqual([]);
  });
});
