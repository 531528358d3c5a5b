import { describe, expect, it } from 'vitest';
import { Random } from '../../../audit/phantoms/random.ts';

describe('Random', () => {
  it('gives the same numbers for the same words, on every machine', () => {
    const random = new Random('patient', 0, 1);
    const again = new Random('patient', 0, 1);
    const numbers = Array.from({ length: 5 }, () => random.bits());
    expect(Array.from({ length: 5 }, () => again.bits())).toEqual(numbers);
    expect(numbers).toMatchInlineSnapshot(`
      [
        1890089628,
        44274959,
        621349804,
        1657422310,
        113315704,
      ]
    `);
  });

  it('gives other numbers for other words', () => {
    const firsts = [
      new Random(0),
      new Random(1),
      new Random(2 ** 32),
      new Random(0.5),
      new Random('0'),
      new Random(0, 0),
      new Random('a', 'b'),
      new Random('ab'),
    ].map((random) => random.bits());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('is uniform and normal within what chance allows', () => {
    const random = new Random('test of moments');
    const count = 40_000;
    const bins = new Array<number>(16).fill(0);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      bins[Math.floor(random.next() * 16)] += 1;
      const deviate = random.normal();
      sum += deviate;
      squares += deviate * deviate;
    }
    const expected = count / 16;
    const chiSquared = bins.reduce((s, n) => s + (n - expected) ** 2 / expected, 0);
    // 15 degrees of freedom: above 44.3 once in 10,000.
    expect(chiSquared).toBeLessThan(44.3);
    expect(Math.abs(sum / count)).toBeLessThan(0.02);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.03);
  });

  it('reaches both ends of a range of whole numbers and shuffles all', () => {
    const random = new Random(7);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = random.shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort()).toEqual(items);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
