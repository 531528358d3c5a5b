import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { robustZ, spread } from '../../../audit/ranking/robust.ts';
import { averageRanks, median } from '../../../models/statistics.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { aloneOf, combinedOf, orderScores, scoreOf } from './scores.ts';

const names = Array.from({ length: 21 }, (_, i) => `case ${String(i).padStart(2, '0')}`);

/** Scores of good labels that differ a little; clavicles agree less with the proposal than lungs. */
function cohort(change: Record<string, Partial<LabelScore>> = {}): LabelScore[] {
  return names.flatMap((name, i) =>
    ['lung', 'clavicle'].map((structure) => {
      const loose = structure === 'clavicle' ? 0.1 : 0;
      return scoreOf(name, structure, {
        learned: ((i * 7) % 21) / 100,
        caseScore: ((i * 5) % 21) / 100,
        disagreement: 0.03 + loose + ((i * 4) % 21) / 2000,
        softmin: 0.7 - loose + ((i * 8) % 21) / 500,
        ...change[`${name} ${structure}`],
      });
    }),
  );
}

describe('robust statistics', () => {
  it('take the median, and 1.4826 times the median deviation from it', () => {
    expect(median([5, 1, 4, 2])).toBe(3);
    expect(spread([1, 2, 3, 4, 100])).toEqual({ centre: 3, scale: 1.4826 });
    expect(robustZ(0, { centre: 3, scale: 1.5 })).toBe(-2);
  });

  it('fall back to the mean deviation if most values are equal, and to 0 if all are equal', () => {
    // The deviations from the median are 0, 0, 0 and 4, and their mean is 1.
    expect(spread([2, 2, 2, 6])).toEqual({ centre: 2, scale: 1.2533 });
    expect(robustZ(7, spread([7, 7]))).toBe(0);
  });

  it('give equal values the mean of their ranks', () => {
    expect([...averageRanks([10, 30, 10, 20])]).toEqual([1.5, 4, 1.5, 3]);
  });
});

describe('the combined rank of labels', () => {
  it('compares a label with its own structure: a usual clavicle is no worse than a usual lung', () => {
    const scores = cohort();
    const combined = combinedOf(scores);
    for (const structure of ['lung', 'clavicle']) {
      const own = combined.filter((_, i) => scores[i].structure === structure);
      expect(Math.abs(median(own))).toBeLessThan(0.5);
    }
  });

  it('puts a lung that agrees like a usual clavicle before every usual clavicle', () => {
    const bad = { disagreement: 0.135, softmin: 0.6, learned: -0.5 };
    const scores = cohort({ 'case 04 lung': bad });
    const [first] = orderScores(scores, { by: 'combined', per: 'label' });
    expect(first).toMatchObject({ case: 'case 04', structure: 'lung' });
    const [plain] = orderScores(scores, { by: 'disagreement', per: 'label' });
    expect(plain.structure).toBe('clavicle');
  });

  it('changes little if one measure of one label is extreme', () => {
    const scores = cohort({
      'case 07 lung': { learned: -1000 },
      'case 09 lung': { learned: 1000 },
    });
    const calm = combinedOf(cohort());
    const combined = combinedOf(scores);
    scores.forEach((_, i) => expect(Math.abs(combined[i] - calm[i])).toBeLessThan(1.5));
  });

  it('is the same whatever the unit of the learned score', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ min: -9, max: 9 }),
        (a, b) => {
          const scores = cohort();
          const other = scores.map((one) => ({ ...one, learned: a * one.learned + b }));
          const combined = combinedOf(scores);
          combinedOf(other).forEach((value, i) => expect(value).toBeCloseTo(combined[i], 6));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is made of the learned score alone if there is no segmenter', () => {
    const scores = names.map((name, i) => aloneOf(name, 'lung', i));
    const order = orderScores(scores, { by: 'combined', per: 'label' });
    expect(order.map((entry) => entry.case)).toEqual(names);
    expect(() => orderScores(scores, { by: 'softmin', per: 'label' })).toThrow(/QAM alone/);
  });
});

describe('the combined rank of cases', () => {
  it('puts a case with one bad label first, however good its other labels are', () => {
    const scores = cohort({
      'case 11 clavicle': { disagreement: 0.4, softmin: 0.2 },
      'case 11 lung': { disagreement: 0.001, softmin: 0.99, learned: 1 },
    });
    const [first] = orderScores(scores, { by: 'combined', per: 'case' });
    expect(first).toMatchObject({ case: 'case 11', structure: null });
    expect(first.score).toBeLessThan(-3.5);
  });

  it('ranks two bad labels before one, and one bad label before two doubtful ones', () => {
    const scores = cohort({
      'case 03 lung': { disagreement: 0.3, softmin: 0.4, learned: -1 },
      'case 11 lung': { disagreement: 0.3, softmin: 0.4, learned: -1 },
      'case 11 clavicle': { disagreement: 0.4, softmin: 0.2, learned: -1 },
      'case 07 lung': { disagreement: 0.05, softmin: 0.66, learned: -0.2 },
      'case 07 clavicle': { disagreement: 0.16, softmin: 0.56, learned: -0.2 },
    });
    const order = orderScores(scores, { by: 'combined', per: 'case' });
    expect(order.slice(0, 3).map((entry) => entry.case)).toEqual(['case 11', 'case 03', 'case 07']);
  });

  it('does not depend on how many good labels a case has', () => {
    const scores = cohort({}).filter(
      ({ case: id, structure }) => id !== 'case 05' || structure === 'lung',
    );
    const cases = new Map(
      orderScores(scores, { by: 'combined', per: 'case' }).map((entry) => [
        entry.case,
        entry.score,
      ]),
    );
    expect(Math.abs(cases.get('case 05')!)).toBeLessThan(2);
  });

  it('is the median of three z-scores, computed by hand', () => {
    // With one structure each z-score is (value − median) / (1.4826 · median absolute deviation).
    const values = [0.1, 0.2, 0.3, 0.4, 0.9];
    const scores = values.map((value, i) =>
      scoreOf(names[i], 'lung', { caseScore: -value, disagreement: 0.5, softmin: value }),
    );
    const logits = values.map((value) => Math.log((value + 1e-4) / (1 - value + 1e-4)));
    const softminZ = robustZ(logits[4], spread(logits));
    const caseZ = -0.6 / (1.4826 * 0.1);
    // Disagreement is the same for all cases: its z-score is 0, which is the median of the three.
    expect(caseZ).toBeLessThan(0);
    expect(softminZ).toBeGreaterThan(0);
    const order = orderScores(scores, { by: 'combined', per: 'case' });
    expect(order.find((entry) => entry.case === names[4])?.score).toBe(0);
  });
});

describe('an order by one measure', () => {
  it('takes for a case the mean disagreement, the lowest softmin, and the score that the QAM gave it', () => {
    const scores = [
      scoreOf('a', 'lung', { disagreement: 0.1, softmin: 0.5, caseScore: 2, learned: -9 }),
      scoreOf('a', 'heart', { disagreement: 0.3, softmin: 0.7, caseScore: 2, learned: 9 }),
      scoreOf('b', 'lung', { disagreement: 0.5, softmin: 0.9, caseScore: 1, learned: 3 }),
    ];
    const values = (by: 'learned' | 'disagreement' | 'softmin'): [string, number][] =>
      orderScores(scores, { by, per: 'case' }).map((entry) => [
        entry.case,
        Number(entry.score.toFixed(9)),
      ]);
    expect(values('learned')).toEqual([
      ['b', 1],
      ['a', 2],
    ]);
    expect(values('disagreement')).toEqual([
      ['b', 0.5],
      ['a', 0.8],
    ]);
    expect(values('softmin')).toEqual([
      ['a', 0.5],
      ['b', 0.9],
    ]);
  });

  it('puts equal scores in the order of case ids, then structures', () => {
    const scores = ['b', 'a', 'c'].flatMap((id) => [scoreOf(id, 'lung'), scoreOf(id, 'heart')]);
    const expected = ['a heart', 'a lung', 'b heart', 'b lung', 'c heart', 'c lung'];
    for (const shuffled of [scores, [...scores].reverse()]) {
      const order = orderScores(shuffled, { by: 'learned', per: 'label' });
      expect(order.map((entry) => `${entry.case} ${entry.structure}`)).toEqual(expected);
    }
  });
});
