/** Splits the cases into folds. Networks that were trained without a fold's cases score them. */
import { z } from 'zod';
import { grouped } from '../../models/groups.ts';
import { Random } from '../../models/random.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { readJson, writeJson } from './json.ts';

/**
 * Deals the cases into `count` folds, shuffled by the seed. A group (the cases of a patient) stays in one
 * fold, so the sizes of folds differ by at most the largest group, or by one without groups.
 * @param groups the number of each case's group; a case without a number is its own group
 * @returns the ids of each fold, in the order of `ids`
 */
export function dealFolds(
  ids: readonly string[],
  count: number,
  seed: number,
  groups: ReadonlyMap<string, number> = new Map(),
): string[][] {
  const indices = ids.map((_, index) => index);
  const units = Random.forTraining('folds', seed).shuffle(
    grouped(indices, (at) => groups.get(ids[at])),
  );
  const sizes = new Array<number>(count).fill(0);
  const foldOf = new Map<number, number>();
  // Deals the largest groups first, each into the smallest fold so far; small groups then even out sizes.
  for (const unit of units.sort((a, b) => b.length - a.length)) {
    const fold = sizes.indexOf(Math.min(...sizes));
    sizes[fold] += unit.length;
    for (const index of unit) foldOf.set(index, fold);
  }
  const folds: string[][] = Array.from({ length: count }, () => []);
  ids.forEach((id, index) => folds[foldOf.get(index)!].push(id));
  return folds;
}

type Split = SampleSetManifest['cases'][number]['split'];

/**
 * The split that a case gets in the training of one fold. The fold's own cases become test cases; other
 * cases keep the dataset's split.
 * @param isOwn whether the case is in the fold
 */
export function splitInFold(split: Split, isOwn: boolean): Split {
  return isOwn ? 'test' : split;
}

const FoldFile = z.object({ version: z.literal(1), folds: z.array(z.array(z.string())) });

/** Writes the ids of the cases of each fold to a run's `folds.json`. */
export async function writeFolds(file: string, folds: readonly string[][]): Promise<void> {
  await writeJson(file, { version: 1, folds });
}

export async function readFolds(file: string): Promise<string[][]> {
  return FoldFile.parse(await readJson(file)).folds;
}
