import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dealFolds } from '../../../audit/training/folds.ts';

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), {
  minLength: 2,
  maxLength: 60,
});

it('puts every case into exactly one fold, and no fold is two cases larger than another', () => {
  fc.assert(
    fc.property(ids, fc.integer({ min: 2, max: 10 }), fc.nat(), (cases, count, seed) => {
      const folds = dealFolds(cases, count, seed);
      expect(folds).toHaveLength(count);
      expect(folds.flat().sort()).toEqual([...cases].sort());
      const sizes = folds.map((fold) => fold.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

it('deals the same way again, and another way by another seed', () => {
  const cases = Array.from({ length: 40 }, (_, index) => `case ${index}`);
  expect(dealFolds(cases, 5, 7)).toEqual(dealFolds(cases, 5, 7));
  expect(dealFolds(cases, 5, 7)).not.toEqual(dealFolds(cases, 5, 8));
});
