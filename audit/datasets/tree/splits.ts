/** Reads the dataset's own splits from `splits.json`: {"train": ["case", …], "test": […]}. */
import { join } from 'node:path';
import { z } from 'zod';
import { leftOut } from '../import/notices.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import { readRegular } from '../../regular.ts';

export const SPLITS_FILE = 'splits.json';

const Splits = z.record(z.string(), z.array(z.string()));

/**
 * The split of each case, by case id, from `splits.json` in `folder`. If the file cannot be used, the
 * result is a notice, not an error.
 */
export async function readSplits(
  folder: string,
): Promise<{ of: ReadonlyMap<string, string>; notices: ImportNotice[] }> {
  const file = join(folder, SPLITS_FILE);
  const of = new Map<string, string>();
  const text = await readRegular(file, 'utf8').catch(() => null);
  if (text === null) return { of, notices: [] };
  try {
    const splits = Splits.parse(JSON.parse(text));
    for (const [split, ids] of Object.entries(splits)) for (const id of ids) of.set(id, split);
    return { of, notices: [] };
  } catch {
    const reason =
      'must hold {"train": [names], "test": [names]}; it was ignored, so the cases have no split.';
    return { of, notices: [leftOut(file, reason)] };
  }
}
