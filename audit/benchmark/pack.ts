/** Packs the sample set of an experiment: training cases with wrong labels, test cases with right ones. */
import { labelKey } from '../contract/label-key.ts';
import { readImageFile } from '../codecs/index.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { resampleMask } from '../imaging/resample.ts';
import { applyNoise } from '../damage/noise.ts';
import { applyPeople } from '../damage/people.ts';
import { readMaskFile } from '../review/replace.ts';
import { packSamples } from '../samples/pack.ts';
import type { SamplePackOptions } from '../samples/pack.ts';
import type { ExperimentData } from './dataset.ts';
import { entryWords, isGiven, planOf } from './noise.ts';
import type { NoiseSpec, PlannedEntry } from './noise.ts';

export interface PackSpec extends SamplePackOptions {
  readonly data: ExperimentData;
  readonly noise: NoiseSpec;
  readonly seed: number;
  /** Side of the networks' square input, in pixels. */
  readonly size: number;
}

/** Damages a label. A mask of another patient is stretched to this patient's image. */
async function damaged(
  entry: PlannedEntry,
  { data, image, truth }: { data: ExperimentData; image: GreyImage; truth: readonly Mask[] },
): Promise<Mask> {
  const own = (structure: string): Mask => truth[data.structures.indexOf(structure)];
  if ('radius' in entry) return applyNoise(own(entry.structure), entry);
  return applyPeople(entry, {
    image,
    structure: own,
    patient: async (id) => {
      const { image: other } = await readImageFile(data.imageFile(id));
      const { mask } = await readMaskFile(data.maskFile(id, entry.structure), other);
      return resampleMask(mask, image.width, image.height);
    },
  });
}

/**
 * Writes the sample set to `path`: the training cases with damaged or given labels, the test cases with
 * clean labels, and the true masks of all cases. Labels are damaged before they are resized to `size`.
 * @returns the damage to each damaged label; an empty list if the labels are given
 */
export async function packExperiment(path: string, spec: PackSpec): Promise<PlannedEntry[]> {
  const { data, noise, seed, size } = spec;
  const { structures, splits } = data;
  const plan = planOf(noise, splits.train, structures, seed);
  const damage = new Map(plan.map((entry) => [labelKey(entry.case, entry.structure), entry]));
  const ids = [...splits.train, ...splits.test];
  const training = splits.train.length;
  const given = isGiven(noise) ? data.given : null;
  const manifest = {
    version: 1 as const,
    width: size,
    height: size,
    structures: [...structures],
    truth: true,
    cases: ids.map((id, index) => ({
      id,
      split: index < training ? ('train' as const) : ('test' as const),
      present: structures.map(() => true),
      masks: structures.map((structure) => {
        if (index < training && given) return 'given';
        const entry = damage.get(labelKey(id, structure));
        return entry === undefined ? 'true' : entryWords(entry);
      }),
    })),
  };
  await packSamples(
    path,
    manifest,
    async (index) => {
      const id = ids[index];
      const { image } = await readImageFile(data.imageFile(id));
      const truth = await Promise.all(
        structures.map(async (structure) => {
          const { mask } = await readMaskFile(data.maskFile(id, structure), image);
          return mask;
        }),
      );
      const labels = await Promise.all(
        truth.map(async (mask, s) => {
          if (index < training && given) {
            return (await readMaskFile(given.maskFile(id, structures[s]), image)).mask;
          }
          const entry = damage.get(labelKey(id, structures[s]));
          return entry === undefined ? mask : damaged(entry, { data, image, truth });
        }),
      );
      return { image, labels, truth };
    },
    spec,
  );
  return plan;
}
