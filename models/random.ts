/**
 * Seeded random numbers: the same sequence on every machine. sfc32 (Chris Doty-Humphrey, PractRand),
 * seeded through splitmix32 so that neighbouring seeds give unrelated sequences.
 */

export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal (Box–Muller). */
  normal(): number;
  /** Integer in [0, below). */
  integer(below: number): number;
  /** A shuffled copy (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

/** @param seeds any integers or strings: a seed, an epoch, a name; together they choose the sequence. */
export function random(...seeds: readonly (number | string)[]): Random {
  let state = 0x9e3779b9;
  const mix = (value: number): number => {
    state = (state ^ value) >>> 0;
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return z ^ (z >>> 15);
  };
  for (const seed of seeds) {
    if (typeof seed === 'number') mix(seed | 0);
    else for (let i = 0; i < seed.length; i++) mix(seed.charCodeAt(i));
  }
  let [a, b, c, counter] = [mix(1), mix(2), mix(3), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const uniform = (): number => next() / 4294967296;
  const integer = (below: number): number => Math.floor(uniform() * below);
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [copy[i], copy[j]] = [copy[j], copy[i]];
      }
      return copy;
    },
  };
}
