/**
 * The label noise of the comparisons with the Pick-and-Learn paper: in an exact share of the cases,
 * structures are eroded or dilated by a disc. A seed decides the plan, so that the same damage can be
 * done again.
 */
import { z } from 'zod';
import { dilate, erode } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';
import { Random } from '../../models/random.ts';

export interface NoiseOptions {
  /** Share of the cases, 0 … 1. */
  readonly share: number;
  /** Smallest and largest radius, in pixels at 256². */
  readonly from: number;
  readonly to: number;
  readonly mode: 'both' | 'erode' | 'dilate';
  /** Damages all structures of a chosen case (the default), or one random structure. */
  readonly structures?: 'one' | 'all' | undefined;
  readonly seed: number;
}

/** The planned damage of one label. */
export const DiscEntry = z.object({
  case: z.string(),
  structure: z.string(),
  kind: z.enum(['eroded', 'dilated']),
  /** Radius of the disc, in pixels at 256². */
  radius: z.number().int().positive(),
});
export type DiscEntry = z.infer<typeof DiscEntry>;

export const sortedIds = (ids: readonly string[]): string[] =>
  [...ids].sort((a, b) => (a < b ? -1 : 1));

/** Draws exactly round(share · ids) ids, sorted. The order of `ids` does not change the result. */
export function chooseCases(ids: readonly string[], share: number, random: Random): string[] {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share ${share} is not in 0 … 1`);
  return sortedIds(random.shuffle(sortedIds(ids)).slice(0, Math.round(share * ids.length)));
}

/**
 * Plans damage in exactly round(share · ids) cases. Each structure (or one random structure) is eroded or
 * dilated with a random whole radius; in the mode `both` a coin decides between the two. The plan depends
 * on the set of ids and the order of the structures, but not on the order of the ids.
 * @throws RangeError if the share or the radii are out of range
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

/**
 * Damages a mask. The radius is converted from pixels at 256² to pixels of the mask, by the geometric mean
 * of the mask's sides.
 */
export function applyNoise(mask: Mask, entry: Pick<DiscEntry, 'kind' | 'radius'>): Mask {
  const radius = (entry.radius * Math.sqrt(mask.width * mask.height)) / 256;
  return entry.kind === 'eroded' ? erode(mask, radius) : dilate(mask, radius);
}
