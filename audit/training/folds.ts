/** Folds: each case is scored by networks that have not seen it. */
import { z } from 'zod';
import { grouped } from '../../models/groups.ts';
import { Random } from '../../models/random.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { readJson, writeJson } from './json.ts';

/**
 * Deals the cases into `count` folds whose sizes differ by at most one, or by at most the largest
 * group: a group (a patient) falls into one fold as a whole. Shuffled by the seed; each fold lists
 * its cases in their given order.
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
  // The large ones first, each into the fold that is smallest by then: what is left evens it out.
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
 * What a case is in the training of one fold: of the fold's own nothing is seen. The dataset's own
 * test cases stay unseen in every fold, and its validation cases watch.
 */
export function splitInFold(split: Split, isOwn: boolean): Split {
  return isOwn ? 'test' : split;
}

const FoldFile = z.object({ version: z.literal(1), folds: z.array(z.array(z.string())) });

/** Which case fell into which fold, kept in the run folder: `folds.json`. */
export async function writeFolds(file: string, folds: readonly string[][]): Promise<void> {
  await writeJson(file, { version: 1, folds });
}

export async function readFolds(file: string): Promise<string[][]> {
  return FoldFile.parse(await readJson(file)).folds;
}
