import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { softDiceLoss, softmin } from '../../../audit/imaging/agreement.ts';

const LABEL = [1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0];
const PROBABILITIES = [
  0.9, 0.8, 0.15, 0.4, 0.05, 0.6, 0.99, 0.5, 0.3, 0.7, 0.2, 0.02, 0.95, 0.45, 0.55, 0.75,
];

describe('softmin', () => {
  it("gives cleanlab's numbers (segmentation.rank.get_label_quality_scores, two classes)", () => {
    expect(softmin(LABEL, PROBABILITIES)).toBeCloseTo(0.31188894182353605, 12);
    const swapped = LABEL.map((value) => 1 - value);
    expect(softmin(swapped, PROBABILITIES)).toBeCloseTo(0.06499790304227931, 12);
  });

  it('is 1 if every pixel agrees, and near the worst pixel at a low temperature', () => {
    expect(softmin([1, 0], [1, 0])).toBe(1);
    expect(softmin([1, 1, 1], [0.2, 0.9, 1], 0.01)).toBeCloseTo(0.2, 6);
  });

  it('lies between the worst pixel and the mean', () => {
    const pixels = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: 0, max: 1, noNaN: true })),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(pixels, (pairs) => {
        const confidence = pairs.map(([y, p]) => (y === 1 ? p : 1 - p));
        const score = softmin(
          pairs.map(([y]) => y),
          pairs.map(([, p]) => p),
        );
        const mean = confidence.reduce((a, b) => a + b, 0) / confidence.length;
        expect(score).toBeGreaterThanOrEqual(Math.min(...confidence) - 1e-9);
        expect(score).toBeLessThanOrEqual(mean + 1e-9);
      }),
    );
  });
});

describe('soft dice loss', () => {
  it('is 1 − (2Σpy + 1) / (Σp + Σy + 1)', () => {
    // Here Σpy = 0.5 + 1 = 1.5, Σp = 2 and Σy = 2.
    expect(softDiceLoss([1, 1, 0, 0], [0.5, 1, 0.25, 0.25])).toBeCloseTo(1 - 4 / 5, 12);
  });

  it('is 0 for two empty planes and nearly 1 for a label without any probability', () => {
    expect(softDiceLoss([0, 0, 0], [0, 0, 0])).toBe(0);
    const label = new Uint8Array(1000).fill(1);
    expect(softDiceLoss(label, new Float32Array(1000))).toBeCloseTo(1 - 1 / 1001, 12);
  });

  it('refuses planes of different sizes', () => {
    expect(() => softDiceLoss([1], [0.5, 0.5])).toThrow(RangeError);
    expect(() => softmin([], [])).toThrow(RangeError);
  });
});
