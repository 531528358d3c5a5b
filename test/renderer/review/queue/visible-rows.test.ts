import { describe, expect, it } from 'vitest';
import { ROW_HEIGHT, scrolledTo, sliceOf } from '../../../../renderer/review/queue/visible-rows.ts';

describe('the rows in view', () => {
  it('are about as many as fit, however long the list is', () => {
    const few = sliceOf(0, 600, 100_000);
    const deep = sliceOf(ROW_HEIGHT * 50_000, 600, 100_000);
    expect(few.first).toBe(0);
    expect(deep.first).toBeLessThanOrEqual(50_000);
    expect(deep.first + deep.count).toBeGreaterThan(50_000 + 600 / ROW_HEIGHT);
    expect(deep.count).toBeLessThan(30);
    expect(sliceOf(0, 600, 3)).toEqual({ first: 0, count: 3 });
    expect(sliceOf(0, 600, 0)).toEqual({ first: 0, count: 0 });
  });

  it('keep their number while the list scrolls, and cover the view and its edges', () => {
    const [height, total] = [600, 1000];
    const end = total * ROW_HEIGHT - height;
    const { count } = sliceOf(0, height, total);
    for (let top = 0; top <= end; top += 7) {
      const slice = sliceOf(top, height, total);
      expect(slice.count).toBe(count);
      expect(slice.first * ROW_HEIGHT).toBeLessThanOrEqual(top);
      expect((slice.first + count) * ROW_HEIGHT).toBeGreaterThanOrEqual(top + height);
      expect(slice.first).toBeGreaterThanOrEqual(0);
      expect(slice.first + count).toBeLessThanOrEqual(total);
    }
  });

  it('are scrolled no further than needed to show a row', () => {
    expect(scrolledTo(3, 0, 600, 1000)).toBe(0);
    expect(scrolledTo(20, 0, 600, 1000)).toBe(22 * ROW_HEIGHT - 600);
    expect(scrolledTo(20, 5000, 600, 1000)).toBe(19 * ROW_HEIGHT);
    expect(scrolledTo(999, 0, 600, 1000)).toBe(1000 * ROW_HEIGHT - 600);
    expect(scrolledTo(2, 0, 600, 3)).toBe(0);
  });
});
