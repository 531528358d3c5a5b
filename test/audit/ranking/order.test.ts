/** An order has finite numbers only, even if scores are equal, missing or infinite. */
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { RankBy, RankPer } from '../../../audit/contract/terms.ts';
import { Ranking, rankColumns } from '../../../audit/ranking/ranking.ts';
import { ordersOf } from '../../../audit/ranking/order.ts';
import { columnsOf, namesOf } from '../../../audit/ranking/score-columns.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { aloneOf, scoreOf } from './scores.ts';

/** What every row of a ranking says, by case or by label. */
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
  it('is level for one label, for equal labels and for a structure of its own', () => {
    for (const scores of [
      [scoreOf('a', 'lung')],
      ids.map((id) => scoreOf(id, 'lung')),
      [...ids.map((id) => scoreOf(id, 'lung')), scoreOf('a', 'heart', { softmin: 0.1 })],
    ]) {
      expectNumbers(scores);
      expect(rowsOf(scores, 'combined', 'label').every(({ score }) => score === 0.95)).toBe(true);
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

  it('leaves out what has no value', () => {
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
      // The combined order leaves out `f`, which has neither an expected dice nor a disagreement.
      expect(named('combined', per)).toEqual(ids);
      expect(named('softmin', per)).toEqual([...ids, 'f']);
      expect(named('learned', per)).toEqual(ids);
    }
  });

  it('holds for any scores', () => {
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
        // The first case has every value, because a measure for which no label has a value is refused.
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

describe('the combined order', () => {
  /** The combined orders of labels, given with their expected dice; null means that a label has none. */
  function orders(labels: readonly (readonly [LabelScore, number | null])[]) {
    const scores = labels.map(([score]) => score);
    const places = namesOf(scores);
    const expected = Float32Array.from(labels, ([, dice]) => dice ?? NaN);
    const { label, case: whole } = ordersOf(
      { ...columnsOf(scores, places), expected },
      places,
      'combined',
    );
    return {
      label: Array.from(label.scores, (score, row) => ({
        name: `${places.cases[label.cases[row]]} ${places.structures[label.structures[row]]}`,
        score,
        expected: label.expected[row],
      })),
      case: Array.from(whole.scores, (score, row) => ({
        name: places.cases[whole.cases[row]],
        worst: places.structures[whole.structures[row]],
        score,
        expected: whole.expected[row],
      })),
    };
  }

  it('of labels is by the expected dice, whatever the measures say', () => {
    const { label } = orders([
      [scoreOf('a', 'lung', { disagreement: 0.9, learned: -9 }), 0.97],
      [scoreOf('b', 'lung', { disagreement: 0.01, learned: 9 }), 0.5],
      [scoreOf('c', 'mass', { disagreement: 0.95, softmin: 0.9, area: 0 }), 0.99],
    ]);
    expect(label.map(({ name }) => name)).toEqual(['b lung', 'a lung', 'c mass']);
    for (const { score, expected } of label) expect(score).toBe(expected);
  });

  it('takes the soft dice of a label that is not calibrated', () => {
    const { label } = orders([
      [scoreOf('a', 'lung'), 0.5],
      [scoreOf('a', 'rib', { disagreement: 0.4 }), null],
      [scoreOf('b', 'lung'), 0.75],
    ]);
    expect(label.map(({ name, score }) => [name, score])).toEqual([
      ['a lung', 0.5],
      ['a rib', 0.6],
      ['b lung', 0.75],
    ]);
    expect(label[1].expected).toBeNaN();
  });

  it('is by the learned score where the scores come from a QAM alone', () => {
    const { label, case: whole } = orders([
      [aloneOf('a', 'lung', 3), null],
      [aloneOf('b', 'lung', -2), null],
    ]);
    for (const order of [label, whole]) expect(order.map(({ score }) => score)).toEqual([-2, 3]);
    const scores = [aloneOf('a', 'lung', 3)];
    const places = namesOf(scores);
    expect(() => ordersOf(columnsOf(scores, places), places, 'softmin')).toThrow(/QAM alone/);
  });

  it('of cases joins the errors of their labels by the root mean square', () => {
    const { case: whole } = orders([
      [scoreOf('one bad', 'lung'), 1],
      [scoreOf('one bad', 'mass'), 0],
      [scoreOf('two bad', 'lung'), 0],
      [scoreOf('two bad', 'mass'), 0],
      [scoreOf('doubtful', 'lung'), 0.5],
      [scoreOf('doubtful', 'mass'), 0.5],
      [scoreOf('right', 'lung'), 1],
    ]);
    expect(whole.map(({ name }) => name)).toEqual(['two bad', 'one bad', 'doubtful', 'right']);
    const values = [0, 1 - Math.sqrt(0.5), 0.5, 1];
    whole.forEach(({ score, expected }, row) => {
      expect(score).toBeCloseTo(values[row], 6);
      expect(expected).toBeCloseTo(values[row], 6);
    });
    expect(whole[1].worst).toBe('mass');
  });

  it('of cases knows no expected dice where no label has one', () => {
    const { case: whole } = orders([
      [scoreOf('a', 'lung'), 0.5],
      [scoreOf('b', 'rib', { disagreement: 0.4 }), null],
    ]);
    expect(whole.map(({ name, score }) => [name, score])).toEqual([
      ['a', 0.5],
      ['b', 0.6],
    ]);
    expect(whole[1].expected).toBeNaN();
  });
});
