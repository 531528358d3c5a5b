import { describe, expect, it } from 'vitest';
import { Random, drawAt, textSeed } from '../../models/random.ts';

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

  it.each(['normal', 'boundedNormal'] as const)('draws uniform and %s numbers', (shape) => {
    const random = new Random('test of moments');
    const count = 40_000;
    const bins = new Array<number>(16).fill(0);
    let [sum, squares] = [0, 0];
    for (let i = 0; i < count; i += 1) {
      bins[Math.floor(random.next() * 16)] += 1;
      const deviate = random[shape]();
      sum += deviate;
      squares += deviate * deviate;
    }
    const expected = count / 16;
    const chiSquared = bins.reduce((s, n) => s + (n - expected) ** 2 / expected, 0);
    // With 15 degrees of freedom, χ² is above 44.3 by chance once in 10,000 times.
    expect(chiSquared).toBeLessThan(44.3);
    expect(Math.abs(sum / count)).toBeLessThan(0.02);
    expect(Math.abs(squares / count - 1)).toBeLessThan(0.03);
  });

  it('reaches both ends of a range of whole numbers, and keeps all items when it shuffles', () => {
    const random = new Random(7);
    const seen = new Set(Array.from({ length: 200 }, () => random.integer(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = random.shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort()).toEqual(items);
    expect(() => random.pick([])).toThrow(RangeError);
  });

  it('gives trainings the same numbers as in earlier versions', () => {
    const random = Random.forTraining(7, 'order', 3);
    expect(random.next()).toBe(0.40993754379451275);
    expect(random.below(10)).toBe(6);
    expect(random.normal()).toBe(-1.1653616439004624);
    expect(random.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([5, 6, 2, 1, 0, 4, 3, 7]);
    expect(random.next()).toBe(0.26719121541827917);
  });

  it('gives phantoms and planted errors the same numbers as in earlier versions', () => {
    const random = new Random('patient', 0, 1);
    expect(random.bits()).toBe(1890089628);
    expect(random.next()).toBe(0.010308567201718688);
    expect(random.uniform(2, 3)).toBe(2.1446692747995257);
    expect(random.integer(0, 9)).toBe(3);
    expect(random.chance(0.5)).toBe(true);
    expect(random.boundedNormal()).toBe(-0.10873629688285291);
    expect(random.shuffle([0, 1, 2, 3, 4, 5, 6, 7])).toEqual([6, 2, 5, 1, 0, 3, 4, 7]);
    expect(random.bits()).toBe(2323484095);
  });
});

describe('the number of an index', () => {
  it('follows from a text and the index alone', () => {
    const seed = textSeed('20261130-120000-abcd case');
    const numbers = [0, 1, 2, 3].map((index) => drawAt(seed, index));
    expect(numbers).toEqual([81862816, 249751554, 757041177, 458556337]);
    expect([3, 2, 1, 0].map((index) => drawAt(seed, index)).reverse()).toEqual(numbers);
    expect(drawAt(textSeed('another'), 0)).not.toBe(numbers[0]);
  });
});
