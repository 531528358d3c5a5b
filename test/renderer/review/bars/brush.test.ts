import { describe, expect, it } from 'vitest';
import {
  LARGEST_RADIUS,
  SMALLEST_RADIUS,
  radiusAt,
  shareOf,
  sizeWords,
  stepped,
} from '../../../../renderer/review/bars/brush.ts';

describe('sizes of the brush', () => {
  it('grow and shrink in visible steps, between one pixel and the largest size', () => {
    expect(stepped(0.5, 1)).toBe(1);
    expect(stepped(0.5, -1)).toBe(SMALLEST_RADIUS);
    expect(stepped(100, 1)).toBe(120);
    expect(stepped(LARGEST_RADIUS, 1)).toBe(LARGEST_RADIUS);
    for (let radius = SMALLEST_RADIUS, i = 0; i < 60; i += 1) {
      const next = stepped(radius, 1);
      expect(next).toBeGreaterThanOrEqual(radius);
      radius = next;
    }
    expect(sizeWords(SMALLEST_RADIUS)).toBe('1 px');
  });
  it('are the same after they are turned into the slider’s value and back', () => {
    for (const radius of [0.5, 1, 12, 60, 256]) {
      expect(radiusAt(shareOf(radius))).toBeCloseTo(radius, 6);
    }
    expect([radiusAt(0), radiusAt(1)]).toEqual([SMALLEST_RADIUS, LARGEST_RADIUS]);
  });
});
