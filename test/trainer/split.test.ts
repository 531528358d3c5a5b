import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../models/random.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { divide } from '../../trainer/split.ts';

type Case = Partial<SampleSetManifest['cases'][number]>;

function setOf(cases: readonly Case[]): { manifest: SampleSetManifest } {
  return {
    manifest: {
      version: 1,
      width: 1,
      height: 1,
      structures: ['lung'],
      truth: false,
      cases: cases.map((one, index) => ({
        id: `case ${index}`,
        split: 'train',
        present: [true],
        masks: [null],
        ...one,
      })),
    },
  };
}

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
        const split = divide(setOf(all.map(() => ({}))), { seed, validationShare });
        expect(split.validation).toEqual(held);
        expect(split.train).toEqual(all.filter((index) => !held.includes(index)));
        expect(split.scored).toEqual(all);
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
        const { train, validation } = divide(setOf(cases), config);
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
    const { train, validation } = divide(setOf(cases), { seed: 1, validationShare: 0.1 });
    expect([train.length, validation]).toEqual([40, []]);
  });

  it('are those that the dataset names, and its test cases are never trained on', () => {
    const cases: Case[] = [
      { split: 'test', group: 0 },
      { split: 'validation' },
      ...Array.from({ length: 30 }, (): Case => ({})),
      { split: 'test' },
    ];
    const { train, validation, test, scored } = divide(setOf(cases), {
      seed: 1,
      validationShare: 0.5,
    });
    expect(validation).toEqual([1]);
    expect(test).toEqual([0, 32]);
    expect(train).toEqual(Array.from({ length: 30 }, (_, index) => index + 2));
    expect(scored).toEqual([1, ...train]);
  });
});
