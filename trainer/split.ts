/** Splits a sample set into training, validation and test cases, and measures its labels' areas. */
import { grouped } from '../models/groups.ts';
import { Random } from '../models/random.ts';
import type { SampleSet } from '../models/sampleset.ts';
import type { TrainConfig } from './messages.ts';

/** Fewer validation cases cannot show when to stop, so then no case is held out. */
const FEWEST_VALIDATION = 3;

/** Indices into the sample set, ascending. */
export interface Split {
  readonly train: number[];
  readonly validation: number[];
  readonly test: number[];
  /** Every case that gets a score each epoch: all but the test cases. */
  readonly scored: number[];
}

/**
 * Takes the validation cases that the sample set names. If it names none, holds out a random share of the
 * training cases (the seed decides), always whole groups (all cases of a patient). Leaves out cases
 * without any label that counts.
 */
export function divide(
  set: Pick<SampleSet, 'manifest'>,
  config: Pick<TrainConfig, 'validationShare' | 'seed'>,
): Split {
  const usable = set.manifest.cases.flatMap((one, index) =>
    one.present.includes(true) ? [{ index, split: one.split }] : [],
  );
  const of = (name: string): number[] =>
    usable.flatMap((one) => (one.split === name ? [one.index] : []));
  const ascending = (indices: number[]): number[] => indices.sort((a, b) => a - b);
  let [train, validation] = [of('train'), of('validation')];
  if (validation.length === 0 && config.validationShare > 0) {
    const groupOf = (index: number): number | undefined => set.manifest.cases[index].group;
    const units = Random.forTraining(config.seed, 'validation').shuffle(grouped(train, groupOf));
    const share = Math.round(train.length * config.validationShare);
    validation = ascending(share < FEWEST_VALIDATION ? [] : holdOut(units, share));
    const held = new Set(validation);
    train = train.filter((index) => !held.has(index));
  }
  return { train, validation, test: of('test'), scored: ascending([...train, ...validation]) };
}

/**
 * Takes, in order, each group of cases that brings the number of held-out cases closer to `share`.
 * @returns no case if they are too few
 */
function holdOut(units: readonly number[][], share: number): number[] {
  const held: number[] = [];
  for (const unit of units) {
    if (unit.length < 2 * (share - held.length)) held.push(...unit);
  }
  return held.length < FEWEST_VALIDATION ? [] : held;
}

/**
 * For each structure, the mean share of the image that its labels cover, over the labels that count.
 * @returns numbers in (0, 1]; a structure drawn nowhere gets one pixel's share
 */
export async function areaShares(set: SampleSet, cases: readonly number[]): Promise<number[]> {
  const { structures, width, height } = set.manifest;
  const pixels = width * height;
  const sums = structures.map(() => 0);
  const counts = structures.map(() => 0);
  for (const index of cases) {
    const { labels } = await set.read(index);
    structures.forEach((_, structure) => {
      if (!set.manifest.cases[index].present[structure]) return;
      let drawn = 0;
      for (const value of labels.subarray(structure * pixels, (structure + 1) * pixels)) {
        drawn += value;
      }
      sums[structure] += drawn / pixels;
      counts[structure] += 1;
    });
  }
  return sums.map((sum, structure) => Math.max(sum / Math.max(counts[structure], 1), 1 / pixels));
}
