import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dealFolds, splitInFold } from '../../../audit/training/folds.ts';
import { Random } from '../../../models/random.ts';

const ids = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), {
  minLength: 2,
  maxLength: 60,
});

it('the folds contain every case once, and differ in size by at most one case', () => {
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

it('the folds are the same for the same seed, and differ for another seed', () => {
  const cases = Array.from({ length: 40 }, (_, index) => `case ${index}`);
  expect(dealFolds(cases, 5, 7)).toEqual(dealFolds(cases, 5, 7));
  expect(dealFolds(cases, 5, 7)).not.toEqual(dealFolds(cases, 5, 8));
});

it('the folds do not depend on patients if no patients are known', () => {
  fc.assert(
    fc.property(ids, fc.integer({ min: 2, max: 10 }), fc.nat(), (cases, count, seed) => {
      const order = Random.forTraining('folds', seed).shuffle(cases.map((_, index) => index));
      const folds = cases.map((id, index) => ({ id, fold: order.indexOf(index) % count }));
      expect(dealFolds(cases, count, seed)).toEqual(
        Array.from({ length: count }, (_, at) =>
          folds.filter(({ fold }) => fold === at).map(({ id }) => id),
        ),
      );
    }),
  );
});

it('the images of one patient are in one fold, and the folds have about the same size', () => {
  fc.assert(
    fc.property(
      ids,
      fc.array(fc.option(fc.nat(8), { nil: undefined }), { minLength: 60, maxLength: 60 }),
      fc.integer({ min: 2, max: 6 }),
      fc.nat(),
      (cases, patients, count, seed) => {
        const groups = new Map(
          cases.flatMap((id, index): [string, number][] => {
            const patient = patients[index];
            return patient === undefined ? [] : [[id, patient]];
          }),
        );
        const folds = dealFolds(cases, count, seed, groups);
        expect(folds.flat().sort()).toEqual([...cases].sort());
        for (const patient of new Set(groups.values())) {
          const own = folds.filter((fold) => fold.some((id) => groups.get(id) === patient));
          expect(own).toHaveLength(1);
        }
        const largest = Math.max(
          1,
          ...[...groups.values()].map(
            (group) => [...groups.values()].filter((other) => other === group).length,
          ),
        );
        const sizes = folds.map((fold) => fold.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(largest);
      },
    ),
  );
});

it('a training of a fold learns from no test case of the dataset and no case of the fold', () => {
  expect([splitInFold('test', false), splitInFold('test', true)]).toEqual(['test', 'test']);
  expect([splitInFold('train', false), splitInFold('train', true)]).toEqual(['train', 'test']);
  expect(splitInFold('validation', false)).toBe('validation');
});
