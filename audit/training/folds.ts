/** Folds: each case is scored by networks that have not seen it. */
import { z } from 'zod';
import { random } from '../../models/random.ts';
import { readJson, writeJson } from './json.ts';

/**
 * Deals the cases into `count` folds whose sizes differ by at most one, shuffled by the seed. Each
 * fold lists its cases in their given order.
 */
export function dealFolds(ids: readonly string[], count: number, seed: number): string[][] {
  const order = random('folds', seed).shuffle(ids.map((_, index) => index));
  const foldOf = new Map(order.map((index, place) => [index, place % count]));
  const folds: string[][] = Array.from({ length: count }, () => []);
  ids.forEach((id, index) => folds[foldOf.get(index)!].push(id));
  return folds;
}

const FoldFile = z.object({ version: z.literal(1), folds: z.array(z.array(z.string())) });

/** Which case fell into which fold, kept in the run folder: `folds.json`. */
export async function writeFolds(file: string, folds: readonly string[][]): Promise<void> {
  await writeJson(file, { version: 1, folds });
}

export async function readFolds(file: string): Promise<string[][]> {
  return FoldFile.parse(await readJson(file)).folds;
}
