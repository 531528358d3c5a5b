/**
 * Turns attenuation into a radiograph. Applies Beer and Lambert's law, adds scattered radiation and
 * quantum noise, and applies the sigmoid response of film (or of a digital system's look-up table) to the
 * logarithm of the exposure. Bone is bright in the result.
 */
import type { AttenuationPlane } from './tube.ts';
import type { Random } from '../../models/random.ts';
import { addLattice } from '../damage/lattice.ts';
import { blurred } from './texture.ts';

/** The technical parameters of a radiograph. */
export interface Exposure {
  /** Share of the radiation behind the trunk that is scattered, 0 … 1. */
  readonly scatter: number;
  /** Number of quanta that reach an area of 1/512² of the picture if no body is in the beam. */
  readonly quanta: number;
  /** The attenuation shown as middle grey. */
  readonly level: number;
  /** Steepness of the response at `level`, per unit of attenuation. */
  readonly contrast: number;
  /** Standard deviation of the blur, in picture widths. */
  readonly blur: number;
}

export function randomExposure(random: Random): Exposure {
  return {
    scatter: random.uniform(0.16, 0.34),
    quanta: Math.exp(random.uniform(Math.log(6e3), Math.log(3e4))),
    level: random.uniform(1.05, 1.4),
    contrast: random.uniform(1.6, 2.2),
    blur: random.uniform(0.0007, 0.0014),
  };
}

/** Significant bits of a phantom's samples. They are the upper bits of 16-bit numbers. */
const SIGNIFICANT_BITS = 12;

/**
 * Develops a plane of attenuations.
 * @returns size·size samples of 16 bits; the lowest four bits are 0
 */
export function develop(plane: AttenuationPlane, exposure: Exposure, random: Random): Uint16Array {
  const { size } = plane;
  const light = soften(plane.data, size, exposure.blur);
  for (let i = 0; i < light.length; i += 1) light[i] = Math.exp(-light[i]);
  const scattered = blurred(light, size, 64, 4);
  const share = exposure.scatter;
  for (let i = 0; i < light.length; i += 1) light[i] *= 1 - share;
  addLattice(light, size, scattered, share * 0.6);
  const quanta = exposure.quanta * (512 / size) ** 2;
  const noise = normalTable(random);
  const { level, contrast } = exposure;
  const answer = (attenuation: number): number =>
    1 / (1 + Math.exp(-contrast * (attenuation - level)));
  const [black, white] = [answer(0.05), answer(3.6)];
  const top = 2 ** SIGNIFICANT_BITS - 1;
  const shift = 16 - SIGNIFICANT_BITS;
  const result = new Uint16Array(size * size);
  for (let i = 0; i < result.length; i += 1) {
    const counts = light[i] * quanta;
    const bits = random.bits() | 0;
    // The sum of two random entries has many more possible values than the table's 4096.
    const deviate = (noise[bits & 4095] + noise[(bits >>> 12) & 4095]) * Math.SQRT1_2;
    const seen = Math.max(counts + Math.sqrt(counts) * deviate, 0.5) / quanta;
    const grey =
      (1 / (1 + Math.exp(contrast * (Math.log(seen) + level))) - black) / (white - black);
    result[i] = Math.round(Math.min(Math.max(grey, 0), 1) * top) << shift;
  }
  return result;
}

/** A table of random numbers from the normal distribution with mean 0 and variance 1. */
function normalTable(random: Random): Float32Array {
  const table = new Float32Array(4096);
  for (let i = 0; i < table.length; i += 1) table[i] = random.boundedNormal();
  return table;
}

/** Blurs in both directions with a Gaussian whose standard deviation is `width`, in picture widths. */
function soften(data: Float32Array, size: number, width: number): Float32Array<ArrayBuffer> {
  let source = new Float32Array(data);
  const variance = (width * size) ** 2;
  // One pass with the weights [w, 1 − 2w, w] in a direction adds the variance 2w, in pixels². There are so
  // many passes that w is at most 0.3.
  const passes = Math.ceil(variance / 0.6);
  const w = variance / passes / 2;
  for (let pass = 0; pass < passes; pass += 1) {
    const target = new Float32Array(source.length);
    for (let y = 0; y < size; y += 1) {
      const row = y * size;
      const up = y > 0 ? row - size : row;
      const down = y < size - 1 ? row + size : row;
      for (let x = 0; x < size; x += 1) {
        const l = x > 0 ? x - 1 : x;
        const r = x < size - 1 ? x + 1 : x;
        target[row + x] =
          source[row + x] * (1 - 4 * w) +
          w * (source[row + l] + source[row + r] + source[up + x] + source[down + x]);
      }
    }
    source = target;
  }
  return source;
}
