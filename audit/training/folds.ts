/** Folds: parts of the cases, each scored by networks that were trained without it. */
import { z } from 'zod';
import { grouped } from '../../models/groups.ts';
import { Random } from '../../models/random.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { readJson, writeJson } from './json.ts';

/**
 * Deals the cases into `count` folds, shuffled by the seed. A group (a patient) stays in one fold, so
 * the sizes differ by at most the largest group, or by one without groups.
 * @param groups the group's number by case; a case without one is its own group
 * @returns the ids of each fold, in their given order
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
  // Large groups first, each into the smallest fold so far: the small ones even out the sizes.
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
 * A case's split in the training of one fold. The fold's own cases become test cases; the others
 * keep the dataset's split.
 * @param isOwn whether the case is in the fold
 */
export function splitInFold(split: Split, isOwn: boolean): Split {
  return isOwn ? 'test' : split;
}

const FoldFile = z.object({ version: z.literal(1), folds: z.array(z.array(z.string())) });

/** Writes the folds' case ids to a run's `folds.json`. */
export async function writeFolds(file: string, folds: readonly string[][]): Promise<void> {
  await writeJson(file, { version: 1, folds });
}

export async function readFolds(file: string): Promise<string[][]> {
  return FoldFile.parse(await readJson(file)).folds;
}
