/** Every rank and score in an order is a finite number, even if values are missing or not finite. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { RankBy, RankPer } from '../../../audit/contract/terms.ts';
import { Ranking, rankColumns } from '../../../audit/ranking/ranking.ts';
import { columnsOf, namesOf } from '../../../audit/ranking/score-columns.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

/** The rows of a ranking of `scores`, per case or per label, each with the id of its case. */
function rowsOf(scores: readonly LabelScore[], by: RankBy, per: RankPer) {
  const places = namesOf(scores);
  const columns = columnsOf(scores, places);
  const ranking = new Ranking('m', per, rankColumns(columns, columns, places, by), places);
  return Array.from(ranking.order.cases, (place, row) => ({
    case: places.cases[place],
    ...ranking.at(row),
  }));
}

function expectNumbers(scores: readonly LabelScore[]): void {
  for (const by of RankBy.options) {
    for (const per of RankPer.options) {
      const rows = rowsOf(scores, by, per);
      for (const { rank, score, percentile, previousRank } of rows) {
        expect([rank, score, percentile, previousRank].every(Number.isFinite)).toBe(true);
      }
      const values = rows.map(({ score }) => score);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  }
}

const ids = ['a', 'b', 'c', 'd', 'e'];

describe('an order of degenerate scores', () => {
  it('is 0 for a single label, for equal labels, and for the only label of a structure', () => {
    for (const scores of [
      [scoreOf('a', 'lung')],
      ids.map((id) => scoreOf(id, 'lung')),
      [...ids.map((id) => scoreOf(id, 'lung')), scoreOf('a', 'heart', { softmin: 0.1 })],
    ]) {
      expectNumbers(scores);
      expect(rowsOf(scores, 'combined', 'label').every(({ score }) => score === 0)).toBe(true);
    }
  });

  it('puts equal labels at one percentile, in the order of their names', () => {
    const rows = rowsOf(
      [...ids].reverse().map((id) => scoreOf(id, 'lung')),
      'combined',
      'case',
    );
    expect(rows.map((row) => row.case)).toEqual(ids);
    expect(rows.map(({ percentile }) => percentile)).toEqual([0, 0, 0, 0, 0]);
  });

  it('combines the measures that a label has, and leaves out a label without any', () => {
    const none = { learned: NaN, caseScore: NaN, disagreement: NaN, softmin: NaN };
    const scores = [
      ...ids.map((id, i) => scoreOf(id, 'lung', { learned: i, caseScore: i, softmin: i / 10 })),
      scoreOf('f', 'lung', { ...none, softmin: 0.01 }),
      scoreOf('g', 'lung', none),
      scoreOf('h', 'lung', { ...none, learned: Infinity }),
    ];
    expectNumbers(scores);
    const named = (by: RankBy, per: RankPer) =>
      rowsOf(scores, by, per)
        .map((row) => row.case)
        .sort();
    for (const per of RankPer.options) {
      expect(named('combined', per)).toEqual([...ids, 'f']);
      expect(named('softmin', per)).toEqual([...ids, 'f']);
      expect(named('learned', per)).toEqual(ids);
    }
  });

  it('has finite numbers for any scores', () => {
    const number = fc.oneof(
      fc.double({ min: -1e6, max: 1e6 }),
      fc.constantFrom(NaN, Infinity, -Infinity, 0, 1),
    );
    const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(NaN, 0, 1));
    const score = fc.record({
      learned: number,
      caseScore: number,
      disagreement: share,
      softmin: share,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 12 }), (cases) => {
        // At least one case has all values, because a measure that no case has is refused.
        const scores = [
          scoreOf('whole', 'lung'),
          ...cases.flatMap(([lung, heart], i) => [
            scoreOf(`c${i}`, 'lung', lung),
            scoreOf(`c${i}`, 'heart', heart),
          ]),
        ];
        expectNumbers(scores);
      }),
      { numRuns: 60 },
    );
  });
});
