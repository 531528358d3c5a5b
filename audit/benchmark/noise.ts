/** The label noise of an experiment, by name or by its radii. */
import { z } from 'zod';
import { UsageError } from '../errors.ts';

export const NoiseSpec = z.object({
  /** Share of the training cases that are damaged, 0 … 1. */
  share: z.number().min(0).max(1),
  /** Radii in pixels at 256², both ends included. */
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  mode: z.enum(['both', 'erode', 'dilate']),
});
export type NoiseSpec = z.infer<typeof NoiseSpec>;

const NAMED: Readonly<Record<string, NoiseSpec>> = {
  none: { share: 0, from: 1, to: 1, mode: 'both' },
  low: { share: 0.5, from: 1, to: 8, mode: 'both' },
  high: { share: 0.5, from: 5, to: 13, mode: 'both' },
  'all-large': { share: 0.3, from: 8, to: 13, mode: 'dilate' },
};

export const NOISE_NAMES = Object.keys(NAMED);

/**
 * `low`, `high`, `all-large`, `none`, or `R0..R1`; what is given beside it overrides the name's.
 * @throws UsageError when `text` is neither.
 */
export function parseNoise(
  text: string,
  given: { share?: number | undefined; mode?: NoiseSpec['mode'] | undefined } = {},
): NoiseSpec {
  const radii = /^(\d+)\.\.(\d+)$/.exec(text);
  const base: NoiseSpec | undefined = radii
    ? { share: 0.5, from: Number(radii[1]), to: Number(radii[2]), mode: 'both' }
    : NAMED[text];
  if (base === undefined || base.from < 1 || base.to < base.from || base.to > 128) {
    const names = NOISE_NAMES.join(', ');
    throw new UsageError(`The noise "${text}" is neither ${names} nor radii such as 5..13.`);
  }
  return {
    ...base,
    ...(given.share !== undefined && { share: given.share }),
    ...(given.mode !== undefined && { mode: given.mode }),
  };
}
