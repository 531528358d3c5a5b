/** What is known of the labels of a dataset, from the truth file beside it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTruth } from '../phantoms/truth.ts';
import type { TruthFile } from '../phantoms/truth.ts';
import type { Truth } from '../ranking/evaluate.ts';

/**
 * Reads a truth file, or the `truth.json` in a folder.
 * @throws UserError when there is none, or it is not one.
 */
export async function findTruth(path: string): Promise<TruthFile> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return readTruth(folder ? join(path, 'truth.json') : path);
}

/** Looks labels up in a truth file; what it does not speak of is unknown. */
export function truthOf(file: TruthFile): Truth {
  const cases = new Set(file.cases);
  const errors = new Map(file.errors.map((error) => [`${error.case}\0${error.structure}`, error]));
  return (id, structure) => {
    if (!cases.has(id)) return null;
    const error = errors.get(`${id}\0${structure}`);
    // An error of which nobody says how bad it is counts as one that shares nothing with the truth.
    return error === undefined ? { error: false, dice: 1 } : { error: true, dice: error.dice ?? 0 };
  };
}
