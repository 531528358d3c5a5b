import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { robustZ, spread } from '../../../audit/ranking/robust.ts';
import { averageRanks, median } from '../../../models/statistics.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { aloneOf, typicalOf, orderScores, scoreOf } from './scores.ts';

const names = Array.from({ length: 21 }, (_, i) => `case ${String(i).padStart(2, '0')}`);

/** Good labels that differ a little; clavicles agree less with the segmenter than lungs do. */
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
  it('take the middle, and 1.4826 times the median deviation from it', () => {
    expect(median([5, 1, 4, 2])).toBe(3);
    expect(spread([1, 2, 3, 4, 100])).toEqual({ centre: 3, scale: 1.4826 });
    expect(robustZ(0, { centre: 3, scale: 1.5 })).toBe(-2);
  });

  it('fall back to the mean deviation where most values are equal, and to 0 where all are', () => {
    // The deviations from the median 2 are 0, 0, 0 and 4; their mean is 1.
    expect(spread([2, 2, 2, 6])).toEqual({ centre: 2, scale: 1.2533 });
    expect(robustZ(7, spread([7, 7]))).toBe(0);
  });

  it('share ranks among equals', () => {
    expect([...averageRanks([10, 30, 10, 20])]).toEqual([1.5, 4, 1.5, 3]);
  });
});

describe('how far a label stands from labels like it', () => {
  it('holds a structure against its own kind: a usual clavicle is no worse than a usual lung', () => {
    const scores = cohort();
    const combined = typicalOf(scores);
    for (const structure of ['lung', 'clavicle']) {
      const own = combined.filter((_, i) => scores[i].structure === structure);
      expect(Math.abs(median(own))).toBeLessThan(0.5);
    }
  });

  it('puts a lung that agrees like a usual clavicle before every usual clavicle', () => {
    const bad = { disagreement: 0.135, softmin: 0.6, learned: -0.5 };
    const scores = cohort({ 'case 04 lung': bad });
    const typical = typicalOf(scores);
    const first = scores[typical.indexOf(Math.min(...typical))];
    expect(first).toMatchObject({ case: 'case 04', structure: 'lung' });
    const [plain] = orderScores(scores, { by: 'disagreement', per: 'label' });
    expect(plain.structure).toBe('clavicle');
  });

  it('is not carried by one measure gone wild', () => {
    const scores = cohort({
      'case 07 lung': { learned: -1000 },
      'case 09 lung': { learned: 1000 },
    });
    const calm = typicalOf(cohort());
    const combined = typicalOf(scores);
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
          const combined = typicalOf(scores);
          typicalOf(other).forEach((value, i) => expect(value).toBeCloseTo(combined[i], 6));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('makes do with the learned score of a QAM alone', () => {
    const scores = names.map((name, i) => aloneOf(name, 'lung', i));
    typicalOf(scores).forEach((value, i) => expect(value).toBeCloseTo((i - 10) / (1.4826 * 5), 9));
  });

  it('is that from drawn labels, or from empty ones, as it is', () => {
    // The soft dice of an empty label is poor (the disagreement is near 1), even if the label is right.
    const empty = names.map((name, i) =>
      scoreOf(`${name} b`, 'lung', {
        area: 0,
        ...{ learned: 3 + i / 50, disagreement: 0.9 + i / 1000, softmin: 0.9 + i / 1000 },
      }),
    );
    const drawn = cohort().filter(({ structure }) => structure === 'lung');
    const typical = typicalOf([...drawn, ...empty]);
    const alone = typicalOf(drawn);
    alone.forEach((value, i) => expect(typical[i]).toBeCloseTo(value, 9));
    expect(Math.abs(median(typical.slice(drawn.length)))).toBeLessThan(0.5);
    // Five empty labels are too few for a cohort of their own, so they are compared with all lungs.
    const few = typicalOf([...drawn, ...empty.slice(0, 5)]);
    expect(few.slice(drawn.length).every((value) => value > 2)).toBe(true);
  });

  it('is the median of three z-scores, by hand', () => {
    // One structure, so each z is (value − median) / (1.4826·MAD).
    const values = [0.1, 0.2, 0.3, 0.4, 0.9];
    const scores = values.map((value, i) =>
      scoreOf(names[i], 'lung', { learned: -value, disagreement: 0.5, softmin: value }),
    );
    const logits = values.map((value) => Math.log((value + 1e-4) / (1 - value + 1e-4)));
    // The disagreement never varies: its z is 0, which lies between the other two.
    expect(-0.6 / (1.4826 * 0.1)).toBeLessThan(0);
    expect(robustZ(logits[4], spread(logits))).toBeGreaterThan(0);
    expect(typicalOf(scores)[4]).toBe(0);
    const better = scores.map((score) => ({ ...score, learned: -score.learned }));
    const z = [0.6 / (1.4826 * 0.1), 0, robustZ(logits[4], spread(logits))];
    expect(typicalOf(better)[4]).toBeCloseTo(median(z), 9);
  });
});

describe('the combined rank of cases', () => {
  it('is led by a case with one bad label, however good its others are', () => {
    const scores = cohort({
      'case 11 clavicle': { disagreement: 0.4, softmin: 0.2 },
      'case 11 lung': { disagreement: 0.001, softmin: 0.99, learned: 1 },
    });
    const [first] = orderScores(scores, { by: 'combined', per: 'case' });
    expect(first).toMatchObject({ case: 'case 11', structure: null });
    expect(first.score).toBeCloseTo(1 - Math.sqrt((0.4 ** 2 + 0.001 ** 2) / 2), 9);
  });

  it('holds two bad labels worse than one, and one bad one worse than two doubtful ones', () => {
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
    expect(cases.get('case 05')).toBeGreaterThan(0.9);
  });
});

describe('an order', () => {
  it('joins the labels of a case: mean disagreement, lowest softmin, the score of the QAM itself', () => {
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

  it('goes by id, then structure, where scores are equal, in whatever order they come', () => {
    const scores = ['b', 'a', 'c'].flatMap((id) => [scoreOf(id, 'lung'), scoreOf(id, 'heart')]);
    const expected = ['a heart', 'a lung', 'b heart', 'b lung', 'c heart', 'c lung'];
    for (const shuffled of [scores, [...scores].reverse()]) {
      const order = orderScores(shuffled, { by: 'learned', per: 'label' });
      expect(order.map((entry) => `${entry.case} ${entry.structure}`)).toEqual(expected);
    }
  });
});
