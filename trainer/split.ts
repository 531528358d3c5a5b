/** Splits a sample set into training, validation and test cases, and measures its labels' areas. */
import { grouped } from '../models/groups.ts';
import { Random } from '../models/random.ts';
import type { SampleSet } from '../models/sampleset.ts';
import { mean } from '../models/statistics.ts';
import type { TrainConfig } from './messages.ts';
import { heldOutOrder } from './pair.ts';

/** Fewer validation cases than this cannot show when to stop, so then no case is held out. */
const FEWEST_VALIDATION = 3;

/** If fewer cases than this show a structure, none is held out for it: the training needs them all. */
const FEWEST_TO_DIVIDE = 12;

/** Indices into the sample set, ascending. */
export interface Split {
  readonly train: number[];
  readonly validation: number[];
  readonly test: number[];
  /** Every case that gets a score each epoch: all but the test cases. */
  readonly scored: number[];
}

/**
 * Takes the validation cases that the sample set names. If it names none, holds out a share of the training
 * cases, drawn at random with the seed, in whole groups (patients). The same share, about, of the drawn
 * labels of each structure is held out, unless the structure has too few (`FEWEST_TO_DIVIDE`). Leaves out
 * cases without any label that counts.
 * @param areas [case][structure], the share of the image that the label covers
 */
export function divide(
  set: Pick<SampleSet, 'manifest'>,
  areas: readonly (readonly number[])[],
  config: Pick<TrainConfig, 'validationShare' | 'seed' | 'pair'>,
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
    const shuffled = Random.forTraining(config.seed, 'validation').shuffle(grouped(train, groupOf));
    const units = heldOutOrder(shuffled, config);
    const share = Math.round(train.length * config.validationShare);
    const drawn = set.manifest.structures.map(
      (_, structure) =>
        new Set(
          train.filter((index) => isDrawn(set.manifest.cases[index], areas[index], structure)),
        ),
    );
    validation = ascending(share < FEWEST_VALIDATION ? [] : holdOut(units, share, drawn));
    const held = new Set(validation);
    train = train.filter((index) => !held.has(index));
  }
  return { train, validation, test: of('test'), scored: ascending([...train, ...validation]) };
}

function isDrawn(
  { present }: { readonly present: readonly boolean[] },
  areas: readonly number[],
  structure: number,
): boolean {
  return present[structure] && areas[structure] > 0;
}

/**
 * Holds out units (groups of cases) with about `share` cases together. First come units that show a
 * structure, beginning with the rarest structure, then any units. Otherwise a rare structure could have no
 * drawn label among the held-out cases.
 * @param share a number of cases
 * @param drawn by structure, the cases that show it
 */
function holdOut(
  units: readonly number[][],
  share: number,
  drawn: readonly ReadonlySet<number>[],
): number[] {
  const held = new Set<number>();
  const all = units.reduce((sum, unit) => sum + unit.length, 0);
  const take = (wanted: number, counts: (index: number) => boolean): void => {
    let count = [...held].filter(counts).length;
    for (const unit of units) {
      if (count >= wanted || held.has(unit[0]) || !unit.some(counts)) continue;
      if (unit.length >= 2 * (share - held.size)) continue;
      unit.forEach((index) => held.add(index));
      count += unit.filter(counts).length;
    }
  };
  for (const shows of [...drawn].sort((a, b) => a.size - b.size)) {
    if (shows.size < FEWEST_TO_DIVIDE) continue;
    take(Math.max(Math.round((share / all) * shows.size), FEWEST_VALIDATION), (index) =>
      shows.has(index),
    );
  }
  take(share, () => true);
  return held.size < FEWEST_VALIDATION ? [] : [...held];
}

/** The share of an image that a structure covers: above 0, because it is at least one pixel, and up to 1. */
export interface AreaShare {
  /** The mean over all labels that count. */
  readonly all: number;
  /** The mean over the drawn labels that count. */
  readonly drawn: number;
}

/** @returns by structure, the share of the image that its labels in `cases` cover */
export function areaShares(
  set: Pick<SampleSet, 'manifest'>,
  areas: readonly (readonly number[])[],
  cases: readonly number[],
): AreaShare[] {
  const { structures, width, height } = set.manifest;
  const least = 1 / (width * height);
  return structures.map((_, structure) => {
    const own = cases.flatMap((index) =>
      set.manifest.cases[index].present[structure] ? [areas[index][structure]] : [],
    );
    const drawn = own.filter((area) => area > 0);
    return {
      all: Math.max(own.length > 0 ? mean(own) : 0, least),
      drawn: Math.max(drawn.length > 0 ? mean(drawn) : 0, least),
    };
  });
}

/** Reads every label once. @returns [case][structure], the share of the image that the label covers */
export async function labelAreas(set: SampleSet): Promise<number[][]> {
  const { cases, structures, width, height } = set.manifest;
  const pixels = width * height;
  const areas: number[][] = [];
  for (const index of cases.keys()) {
    const { labels } = await set.read(index);
    areas.push(
      structures.map((_, structure) => {
        let drawn = 0;
        for (const value of labels.subarray(structure * pixels, (structure + 1) * pixels)) {
          drawn += value;
        }
        return drawn / pixels;
      }),
    );
  }
  return areas;
}
