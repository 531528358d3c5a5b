/**
 * Seeded random numbers, the same on every machine: sfc32 (Chris Doty-Humphrey, PractRand). There are two
 * ways to seed it: one for phantoms and planted errors, one for trainings. Neither may change, because the
 * same seed must always give the same phantoms, errors and networks.
 */

/** A word of a seed: a purpose, the name of a thing, or a number that a person chose. */
export type SeedWord = number | string;

type State = readonly [a: number, b: number, c: number];

/** Mixes one more word into a hash (the 32-bit finaliser of splitmix by Chris Wellons). */
function mix(hash: number, word: number): number {
  let h = (hash ^ word) + 0x9e3779b9;
  h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
  h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
  return (h ^ (h >>> 15)) >>> 0;
}

function stateOf(words: readonly SeedWord[]): State {
  let hash = 0x6f766572;
  for (const word of words) {
    if (typeof word === 'number') {
      // Takes both halves of the number's 64 bits, so that large seeds and fractions give different
      // streams, too.
      const parts = new Uint32Array(Float64Array.of(word).buffer);
      hash = mix(mix(mix(hash, 1), parts[0]), parts[1]);
    } else {
      hash = mix(hash, 2);
      for (let i = 0; i < word.length; i += 1) hash = mix(hash, word.charCodeAt(i));
      hash = mix(hash, word.length);
    }
  }
  return [mix(hash, 3), mix(hash, 4), mix(hash, 5)];
}

/** The seeding for trainings: each number is cut to 32 bits, and one splitmix32 runs over all words. */
function trainingState(words: readonly SeedWord[]): State {
  let state = 0x9e3779b9;
  const take = (word: number): number => {
    state = ((state ^ word) + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  for (const word of words) {
    if (typeof word === 'number') take(word | 0);
    else for (let i = 0; i < word.length; i += 1) take(word.charCodeAt(i));
  }
  return [take(1), take(2), take(3)];
}

/** One stream of random numbers. */
export class Random {
  /**
   * The numbers a, b, c and the counter of sfc32. A typed array holds them, because V8 may store a
   * number of 32 bits in a field as an object of its own.
   */
  readonly #state = new Int32Array(4);

  /** A stream of random numbers for these words: its purpose, and a seed. */
  constructor(...words: readonly SeedWord[]) {
    this.#start(stateOf(words));
  }

  /** A stream for weights, batches, augmentation, splits or folds, seeded in the way for trainings. */
  static forTraining(...words: readonly SeedWord[]): Random {
    const random = new Random();
    random.#start(trainingState(words));
    return random;
  }

  #start(state: State): void {
    this.#state.set([...state, 1]);
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

  /** Uniform from 0 to 1, without 1. */
  next(): number {
    return this.bits() / 4294967296;
  }

  /** Uniform between `from` and `to`. */
  uniform(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** A whole number from 0 to `count` − 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Normally distributed, mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /**
   * Almost normally distributed, mean 0 and deviation 1: a sum of twelve uniform numbers, so never beyond
   * ±6.
   */
  boundedNormal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i += 1) sum += this.next();
    return sum;
  }

  /** One of `items`. @throws RangeError when `items` is empty. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.below(items.length)];
  }

  /** The items in random order, as a new array (Fisher and Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i -= 1) {
      const j = this.below(i + 1);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}

/** A seed of 32 bits from a text (FNV-1a), for `drawAt`. */
export function textSeed(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash;
}

/**
 * A random number for an index: it depends on seed and index only, not on earlier calls (the finaliser of
 * MurmurHash3).
 * @returns a whole number of 30 bits
 */
export function drawAt(seed: number, index: number): number {
  let hash = seed ^ Math.imul(index + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 2;
}
