/**
 * The label noise of the comparisons: in an exact share of the cases every structure is eroded or
 * dilated by a disc. Planned once from a seed, applied as often as needed.
 */
import { z } from 'zod';
import { dilate, erode } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';
import { Random } from '../../models/random.ts';

export interface NoiseOptions {
  /** Of the cases, 0 … 1. */
  readonly share: number;
  /** Smallest and largest radius, in pixels of a picture of 256². */
  readonly from: number;
  readonly to: number;
  readonly mode: 'both' | 'erode' | 'dilate';
  /** Every structure of a chosen case, or one of them by lot. */
  readonly structures?: 'one' | 'all' | undefined;
  readonly seed: number;
}

/** What happens to one label. */
export const DiscEntry = z.object({
  case: z.string(),
  structure: z.string(),
  kind: z.enum(['eroded', 'dilated']),
  /** Of the disc, in pixels of a picture of 256². */
  radius: z.number().int().positive(),
});
export type DiscEntry = z.infer<typeof DiscEntry>;

/** As they sort, whatever order they came in. */
export const sortedIds = (ids: readonly string[]): string[] =>
  [...ids].sort((a, b) => (a < b ? -1 : 1));

/** Exactly round(share · ids) of them by lot, sorted; their given order changes nothing. */
export function chooseCases(ids: readonly string[], share: number, random: Random): string[] {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share ${share} is not in 0 … 1`);
  return sortedIds(random.shuffle(sortedIds(ids)).slice(0, Math.round(share * ids.length)));
}

/**
 * Exactly round(share · ids) cases, and in each of them every structure on its own (or one by lot):
 * eroded or dilated (a coin, in the mode `both`), by a whole radius drawn uniformly. The plan depends
 * on the set of ids and the order of the structures, not on the order of the ids.
 */
export function planNoise(
  ids: readonly string[],
  structures: readonly string[],
  options: NoiseOptions,
): DiscEntry[] {
  const { share, from, to, mode, structures: which = 'all', seed } = options;
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < from) {
    throw new RangeError(`${from}..${to} are not radii`);
  }
  const random = new Random('noise plan', seed);
  return chooseCases(ids, share, random).flatMap((id) =>
    (which === 'all' ? structures : [random.pick(structures)]).map((structure): DiscEntry => {
      const coin = random.chance(0.5);
      const erodes = mode === 'both' ? coin : mode === 'erode';
      const radius = random.integer(from, to);
      return { case: id, structure, kind: erodes ? 'eroded' : 'dilated', radius };
    }),
  );
}

/** The damaged mask: the radius grows with the picture (the geometric mean of its sides). */
export function applyNoise(mask: Mask, entry: Pick<DiscEntry, 'kind' | 'radius'>): Mask {
  const radius = (entry.radius * Math.sqrt(mask.width * mask.height)) / 256;
  return entry.kind === 'eroded' ? erode(mask, radius) : dilate(mask, radius);
}
