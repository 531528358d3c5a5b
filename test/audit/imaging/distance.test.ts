import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAR, squaredDistance } from '../../../audit/imaging/distance.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { anyMask, drawn, ellipse } from './masks.ts';

function bruteForce(mask: Mask, to: 'inside' | 'outside'): number[] {
  const target = to === 'inside' ? 1 : 0;
  return Array.from({ length: mask.data.length }, (_, i) => {
    let best: number = FAR;
    mask.data.forEach((v, j) => {
      if (v !== target) return;
      const dx = (i % mask.width) - (j % mask.width);
      const dy = Math.floor(i / mask.width) - Math.floor(j / mask.width);
      best = Math.min(best, dx * dx + dy * dy);
    });
    return best;
  });
}

describe('squaredDistance', () => {
  it('equals the brute-force distance for random masks', () => {
    fc.assert(
      fc.property(anyMask, fc.constantFrom('inside', 'outside'), (mask, to) => {
        expect([...squaredDistance(mask, to)]).toEqual(bruteForce(mask, to));
      }),
      { numRuns: 500 },
    );
  });

  it('equals the brute-force distance for a shape in a wide and in a tall mask', () => {
    for (const size of [
      { width: 45, height: 21 },
      { width: 21, height: 45 },
    ]) {
      const mask = ellipse(size, [14, 11, 6, 7]);
      for (const to of ['inside', 'outside'] as const) {
        expect([...squaredDistance(mask, to)]).toEqual(bruteForce(mask, to));
      }
    }
  });

  it('is FAR if there is no target pixel', () => {
    expect([...squaredDistance(drawn('..', '..'), 'inside')]).toEqual([FAR, FAR, FAR, FAR]);
    expect([...squaredDistance(drawn('##'), 'outside')]).toEqual([FAR, FAR]);
  });
});
