/**
 * Makes a boundary ragged by a Markov process, after Yao et al., "Learning to segment from noisy
 * annotations: a spatial correction approach" (ICLR 2023). In each step a coin decides whether the mask
 * grows or shrinks, and each pixel along the boundary takes part by chance. Each step starts from the
 * result of the step before, so that errors cluster along the boundary.
 */
import type { Mask } from '../imaging/types.ts';
import { coarsely } from './coarse.ts';
import { grade, thickness } from './damage.ts';
import type { Random } from '../../models/random.ts';

/** Probability that a boundary pixel takes part in a step. */
const TAKES_PART = 0.5;
/**
 * Range of the probability that a step grows the mask. It is drawn once for each mask, because some people
 * draw too large and others too small.
 */
const BIAS = [0.25, 0.75] as const;

/** One step: outside pixels next to the mask join it, or inside pixels at its edge leave it. */
function step({ width, height, data }: Mask, grows: boolean, random: Random): Mask {
  const from = grows ? 0 : 1;
  const next = data.slice();
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      if (data[i] !== from) continue;
      const edge =
        (x > 0 && data[i - 1] !== from) ||
        (x < width - 1 && data[i + 1] !== from) ||
        (y > 0 && data[i - width] !== from) ||
        (y < height - 1 && data[i + width] !== from);
      if (edge && random.chance(TAKES_PART)) next[i] = 1 - from;
    }
  }
  return { width, height, data: next };
}

/** Makes the boundary ragged. The number of steps grows with the severity and the structure's thickness. */
export function markovRagged(mask: Mask, severity: number, random: Random): Mask {
  return coarsely(mask, (coarse) => {
    const steps = Math.max(2, Math.round(grade(severity, 0.4, 1.4) * thickness(coarse)));
    const bias = random.uniform(...BIAS);
    let result = coarse;
    for (let i = 0; i < steps; i += 1) result = step(result, random.chance(bias), random);
    return result;
  });
}
