import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../models/random.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { areaShares, divide } from '../../trainer/split.ts';

type Case = Partial<SampleSetManifest['cases'][number]>;

function setOf(
  cases: readonly Case[],
  structures: readonly string[] = ['lung'],
): { manifest: SampleSetManifest } {
  return {
    manifest: {
      version: 1,
      width: 10,
      height: 10,
      structures: [...structures],
      truth: false,
      cases: cases.map((one, index) => ({
        id: `case ${index}`,
        split: 'train',
        present: structures.map(() => true),
        masks: structures.map(() => null),
        ...one,
      })),
    },
  };
}

/** Areas of the labels of these cases; no label is empty. */
const drawn = (cases: readonly Case[]): number[][] => cases.map(() => [0.1]);

const sizes = fc.record({
  count: fc.integer({ min: 2, max: 200 }),
  seed: fc.nat(),
  validationShare: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
});

describe('validation cases', () => {
  it('are a seeded share as in earlier versions if no patients are known', () => {
    fc.assert(
      fc.property(sizes, ({ count, seed, validationShare }) => {
        const all = Array.from({ length: count }, (_, index) => index);
        const share = Math.round(count * validationShare);
        const shuffled = Random.forTraining(seed, 'validation').shuffle(all);
        const held = share < 3 ? [] : shuffled.slice(0, share).sort((a, b) => a - b);
        const cases = all.map(() => ({}));
        const split = divide(setOf(cases), drawn(cases), { seed, validationShare });
        expect(split.validation).toEqual(held);
        expect(split.train).toEqual(all.filter((index) => !held.includes(index)));
        expect(split.scored).toEqual(all);
      }),
    );
  });

  it('of the second pair of networks are none of the first pair, and as many', () => {
    fc.assert(
      fc.property(sizes, ({ count, seed, validationShare }) => {
        const share = Math.min(validationShare, 0.45);
        const cases = Array.from({ length: count }, () => ({}));
        const heldBy = (pair: 1 | 2): number[] =>
          divide(setOf(cases), drawn(cases), { seed, validationShare: share, pair }).validation;
        const [first, second] = [heldBy(1), heldBy(2)];
        expect(second).toHaveLength(first.length);
        expect(second.filter((index) => first.includes(index))).toEqual([]);
      }),
    );
  });

  it('share no patient with the training cases, and are about as many as asked for', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 8 }), ({ count, ...config }, images) => {
        const groupOf = (index: number): number | undefined =>
          index % 5 === 0 ? undefined : Math.floor(index / images);
        const cases = Array.from({ length: count }, (_, index): Case => {
          const group = groupOf(index);
          return group === undefined ? {} : { group };
        });
        const { train, validation } = divide(setOf(cases), drawn(cases), config);
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(cases.map((_, i) => i));
        const held = new Set(validation.map(groupOf).filter((group) => group !== undefined));
        expect(train.some((index) => held.has(groupOf(index) ?? -1))).toBe(false);
        const share = Math.round(count * config.validationShare);
        if (share >= images && share >= 3) {
          expect(Math.abs(validation.length - share)).toBeLessThanOrEqual(images);
        }
      }),
    );
  });

  it('are none if one patient has nearly all images', () => {
    const cases = Array.from({ length: 40 }, (): Case => ({ group: 0 }));
    const { train, validation } = divide(setOf(cases), drawn(cases), {
      seed: 1,
      validationShare: 0.1,
    });
    expect([train.length, validation]).toEqual([40, []]);
  });

  it('are those that the dataset names, and its test cases are never trained on', () => {
    const cases: Case[] = [
      { split: 'test', group: 0 },
      { split: 'validation' },
      ...Array.from({ length: 30 }, (): Case => ({})),
      { split: 'test' },
    ];
    const { train, validation, test, scored } = divide(setOf(cases), drawn(cases), {
      seed: 1,
      validationShare: 0.5,
    });
    expect(validation).toEqual([1]);
    expect(test).toEqual([0, 32]);
    expect(train).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
    expect(scored).toEqual([1, ...train]);
  });
});

describe('validation cases of a structure that few images show', () => {
  /** Splits cases in which every lung is drawn, and the mass only where `shows` is true. */
  function held(
    count: number,
    shows: (index: number) => boolean,
    config: { seed: number; validationShare: number },
    change: (index: number) => Case = () => ({}),
  ): { validation: number[]; shown: number[]; train: number[] } {
    const cases = Array.from({ length: count }, (_, index) => change(index));
    const areas = cases.map((_, index) => [0.3, shows(index) ? 0.02 : 0]);
    const split = divide(setOf(cases, ['lung', 'mass']), areas, config);
    return { ...split, shown: split.validation.filter(shows) };
  }

  it('hold out about the same share of its drawn labels, at least three of twelve', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 60, max: 300 }),
          seed: fc.nat(),
          validationShare: fc.double({ min: 0.1, max: 0.3, noNaN: true }),
        }),
        fc.integer({ min: 4, max: 20 }),
        ({ count, ...config }, each) => {
          const shows = (index: number): boolean => index % each === 0;
          const all = Math.ceil(count / each);
          fc.pre(all >= 12);
          const { validation, shown } = held(count, shows, config);
          expect(validation).toHaveLength(Math.round(count * config.validationShare));
          expect(shown.length).toBeGreaterThanOrEqual(3);
          // The other validation cases are taken at random, and some of them show the mass, too.
          const share = all * config.validationShare;
          expect(shown.length).toBeGreaterThanOrEqual(Math.floor(share));
          const atRandom = validation.length / each;
          const most = Math.max(share, 3) + 1 + atRandom + 6 * Math.sqrt(atRandom) + 3;
          expect(shown.length).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('come from whole groups', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 6 }), (seed, images) => {
        const groupOf = (index: number): number => Math.floor(index / images);
        const { validation, train, shown } = held(
          200,
          (index) => index % 10 === 0,
          { seed, validationShare: 0.15 },
          (index) => ({ group: groupOf(index) }),
        );
        const groups = new Set(validation.map(groupOf));
        expect(train.some((index) => groups.has(groupOf(index)))).toBe(false);
        expect(shown.length).toBeGreaterThanOrEqual(3);
        expect(Math.abs(validation.length - 30)).toBeLessThanOrEqual(images);
      }),
    );
  });

  it('are drawn labels that count: an excluded one cannot check anything', () => {
    const excluded = (index: number): Case => ({ present: [true, index % 20 === 0] });
    for (let seed = 0; seed < 20; seed += 1) {
      const { validation } = held(
        300,
        (index) => index % 10 === 0,
        { seed, validationShare: 0.1 },
        excluded,
      );
      const counted = validation.filter((index) => index % 20 === 0);
      expect(counted.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('are not looked for where fewer than twelve labels are drawn: training needs them', () => {
    const config = { seed: 3, validationShare: 0.1 };
    const without = held(100, () => false, config);
    const few = held(100, (index) => index % 10 === 0, config);
    expect(few.validation).toEqual(without.validation);
  });

  it('are the same seeded share as ever where every label is drawn', () => {
    const config = { seed: 5, validationShare: 0.2 };
    const one = Array.from({ length: 90 }, (): Case => ({}));
    const { validation } = divide(setOf(one), drawn(one), config);
    expect(held(90, () => true, config).validation).toEqual(validation);
  });
});

describe('how much of an image a structure covers', () => {
  it('is known of all its labels that count, and of those that are drawn', () => {
    const cases: Case[] = [{}, {}, {}, { present: [false, true] }];
    const areas = [
      [0.2, 0],
      [0.4, 0.06],
      [0, 0],
      [0.9, 0],
    ];
    const [lung, mass] = areaShares(setOf(cases, ['lung', 'mass']), areas, [0, 1, 2, 3]);
    expect(lung.all).toBeCloseTo(0.2, 12);
    expect(lung.drawn).toBeCloseTo(0.3, 12);
    expect(mass.all).toBeCloseTo(0.015, 12);
    expect(mass.drawn).toBeCloseTo(0.06, 12);
  });

  it('is a pixel where nothing is drawn', () => {
    const set = setOf([{}, {}]);
    expect(areaShares(set, [[0], [0]], [0, 1])).toEqual([{ all: 0.01, drawn: 0.01 }]);
    expect(areaShares(set, [[0.5], [0]], [])).toEqual([{ all: 0.01, drawn: 0.01 }]);
  });
});
