/**
 * Seeded random numbers: Chris Doty-Humphrey's sfc32 (the 32-bit generator of PractRand), its state
 * filled by Sebastiano Vigna's splitmix finaliser from any words. The same words give the same
 * numbers on every machine, and streams of different words are independent for our purposes.
 */

/** Mixes one more word into a hash (the 32-bit finaliser of splitmix by Chris Wellons). */
function mix(hash: number, word: number): number {
  let h = (hash ^ word) + 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

/** One stream of random numbers. */
export class Random {
  /** a, b, c and the counter; a typed array, because words of 32 bits are no small integers. */
  readonly #state = new Int32Array(4);

  /** A stream named by `words`: a seed, and what it is for. */
  constructor(...words: readonly (number | string)[]) {
    let hash = 0x6f766572;
    for (const word of words) {
      if (typeof word === 'number') {
        // Both halves, so that seeds beyond 32 bits and fractions differ as well.
        const parts = new Uint32Array(Float64Array.of(word).buffer);
        hash = mix(mix(mix(hash, 1), parts[0]), parts[1]);
      } else {
        hash = mix(hash, 2);
        for (let i = 0; i < word.length; i += 1) hash = mix(hash, word.charCodeAt(i));
        hash = mix(hash, word.length);
      }
    }
    this.#state.set([mix(hash, 3), mix(hash, 4), mix(hash, 5), 1]);
    for (let i = 0; i < 12; i += 1) this.bits();
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    const s = this.#state;
    const sum = (s[0] + s[1] + s[3]) | 0;
    s[3] += 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + sum;
    return sum >>> 0;
  }

  /** Uniform in 0 … 1, 1 excluded. */
  next(): number {
    return this.bits() / 4294967296;
  }

  /** Uniform in from … to. */
  uniform(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** A whole number in from … to, both included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Normal, mean 0 and deviation 1 (the sum of twelve: never beyond ±6, no logarithm). */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.next();
    return sum;
  }

  /** One of `items`. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.integer(0, items.length - 1)];
  }

  /** A new array, shuffled (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i -= 1) {
      const j = this.integer(0, i);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}
