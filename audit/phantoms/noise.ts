/**
 * The label noise of the experiments: in an exact share of the cases every structure is eroded or
 * dilated by a disc. Planned once from a seed, applied as often as needed.
 */
import { z } from 'zod';
import { dilate, erode } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';
import { Random } from './random.ts';

export interface NoiseOptions {
  /** Of the cases, 0 … 1. */
  readonly share: number;
  /** Smallest and largest radius, in pixels of a picture of 256². */
  readonly from: number;
  readonly to: number;
  readonly mode: 'both' | 'erode' | 'dilate';
  readonly seed: number;
}

/** What happens to one label. */
export const NoiseEntry = z.object({
  case: z.string(),
  structure: z.string(),
  kind: z.enum(['eroded', 'dilated']),
  /** Of the disc, in pixels of a picture of 256². */
  radius: z.number().int().positive(),
});
export type NoiseEntry = z.infer<typeof NoiseEntry>;

/**
 * Exactly round(share · ids) cases, and in each of them every structure on its own: eroded or
 * dilated (a coin, in the mode `both`), by a whole radius drawn uniformly. The plan depends on the
 * set of ids and the order of the structures, not on the order of the ids.
 */
export function planNoise(
  ids: readonly string[],
  structures: readonly string[],
  options: NoiseOptions,
): NoiseEntry[] {
  const { share, from, to, mode, seed } = options;
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share ${share} is not in 0 … 1`);
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from) {
    throw new RangeError(`${from}..${to} are not radii`);
  }
  const sorted = [...ids].sort((a, b) => (a < b ? -1 : 1));
  const random = new Random('noise plan', seed);
  const chosen = random.shuffle(sorted).slice(0, Math.round(share * ids.length));
  return chosen
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((id) =>
      structures.map((structure): NoiseEntry => {
        const coin = random.chance(0.5);
        const erodes = mode === 'both' ? coin : mode === 'erode';
        const radius = random.integer(from, to);
        return { case: id, structure, kind: erodes ? 'eroded' : 'dilated', radius };
      }),
    );
}

/** The damaged mask: the radius grows with the picture (the geometric mean of its sides). */
export function applyNoise(mask: Mask, entry: Pick<NoiseEntry, 'kind' | 'radius'>): Mask {
  const radius = (entry.radius * Math.sqrt(mask.width * mask.height)) / 256;
  return entry.kind === 'eroded' ? erode(mask, radius) : dilate(mask, radius);
}
