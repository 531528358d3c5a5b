import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { auroc, averagePrecision, liftAt } from '../../../audit/ranking/metrics.ts';
import { spearman } from '../../../models/statistics.ts';

// Drawn once with numpy (seed 3), and rounded so that there are ties. The expected numbers in the tests
// come from scikit-learn (roc_auc_score and average_precision_score of the negated score) and from
// scipy (spearmanr).
const ERRORS = [1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1].map(
  Boolean,
);
const SCORES = [
  -1.1, -0.4, 1.9, -0.3, -1.1, 1.0, -0.9, -1.2, 0.9, -0.3, 0.1, 0.7, -2.8, 1.0, -1.0, -1.7, -0.6,
  0.7, -0.4, -2.0, -0.9, -0.1, 0.5, -0.2,
];
const DICE = [
  0.62, 0.66, 1, 1, 0.56, 1, 1, 0.71, 1, 0.74, 1, 1, 1, 1, 1, 1, 0.51, 1, 1, 0.93, 0.74, 1, 0.93,
  0.83,
];

/** The AUROC by its definition, over all pairs of an error and a good label; null without such pairs. */
function pairs(scores: number[], errors: boolean[]): number | null {
  let won = 0;
  let all = 0;
  scores.forEach((bad, i) => {
    if (!errors[i]) return;
    scores.forEach((good, j) => {
      if (errors[j]) return;
      all += 1;
      won += bad < good ? 1 : bad === good ? 0.5 : 0;
    });
  });
  return all === 0 ? null : won / all;
}

const sample = fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.boolean()), { maxLength: 60 });

describe('AUROC', () => {
  it('equals the result of scikit-learn, also with ties', () => {
    expect(auroc(SCORES, ERRORS)).toBeCloseTo(0.725, 12);
  });

  it('is the share of pairs in the right order, where a tie counts half', () => {
    fc.assert(
      fc.property(sample, (entries) => {
        const scores = entries.map(([score]) => score);
        const errors = entries.map(([, error]) => error);
        const expected = pairs(scores, errors);
        const got = auroc(scores, errors);
        if (expected === null) expect(got).toBeNull();
        else expect(got).toBeCloseTo(expected, 12);
      }),
    );
  });

  it('is 1 if all errors score lowest, 0 if they score highest, and ½ if all scores are equal', () => {
    expect(auroc([1, 2, 3, 4], [true, true, false, false])).toBe(1);
    expect(auroc([4, 3, 2, 1], [true, true, false, false])).toBe(0);
    expect(auroc([7, 7, 7], [true, false, false])).toBe(0.5);
  });
});

describe('average precision', () => {
  it('equals the result of scikit-learn, also with ties', () => {
    expect(averagePrecision(SCORES, ERRORS)).toBeCloseTo(0.579920634920635, 12);
  });

  it('is the mean of the precisions at the errors if no scores are equal', () => {
    // The errors are at places 1 and 3: (1/1 + 2/3) / 2 = 5/6.
    expect(averagePrecision([1, 2, 3, 4], [true, false, true, false])).toBeCloseTo(5 / 6, 12);
    expect(averagePrecision([1, 2], [false, false])).toBeNull();
  });
});

describe('lift', () => {
  it('is the share of errors at the top divided by the share of errors in all labels', () => {
    const scores = Array.from({ length: 20 }, (_, i) => i);
    const errors = scores.map((i) => i === 0 || i === 2 || i === 10 || i === 11);
    expect(liftAt(0.05, scores, errors)).toBeCloseTo(1 / 0.2, 12);
    expect(liftAt(0.1, scores, errors)).toBeCloseTo(0.5 / 0.2, 12);
    expect(liftAt(0.2, scores, errors)).toBeCloseTo(0.5 / 0.2, 12);
  });

  it('is 1 if all scores are equal', () => {
    const errors = Array.from({ length: 17 }, (_, i) => i < 5);
    expect(liftAt(0.1, new Array<number>(17).fill(3), errors)).toBeCloseTo(1, 12);
  });
});

describe("Spearman's ρ", () => {
  it('equals the result of scipy, also with ties', () => {
    expect(spearman(SCORES, DICE)).toBeCloseTo(0.4087693678267218, 12);
  });

  it('is ±1 for two lists in the same or opposite order, and null if all values are equal', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: -99, max: 99 }), { minLength: 2 }), (values) => {
        expect(
          spearman(
            values,
            values.map((v) => v ** 3),
          ),
        ).toBeCloseTo(1, 9);
        expect(
          spearman(
            values,
            values.map((v) => -v),
          ),
        ).toBeCloseTo(-1, 9);
      }),
    );
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
  });
});
