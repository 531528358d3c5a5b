/**
 * Finds the errors among labels that are wrong already: compares them with the true masks of their sample
 * set.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labelKey } from '../contract/label-key.ts';
import { TRUTH_FILE, readTruth } from '../damage/truth.ts';
import { errorDice } from '../ranking/error-dice.ts';
import { SampleSet } from '../../models/sampleset.ts';
import type { NoiseEntry } from './noise.ts';
import { trainingDice } from './scores.ts';

/** The kinds of error that the truth file in `root` names, by the label's key; empty without a file. */
async function kindsIn(root: string): Promise<ReadonlyMap<string, string>> {
  const file = join(root, TRUTH_FILE);
  if (!existsSync(file)) return new Map();
  const { errors } = await readTruth(file);
  return new Map(errors.map((error) => [labelKey(error.case, error.structure), error.kind]));
}

/**
 * The training labels whose dice with the true mask is below the reader noise.
 * @param samples the file of the sample set
 * @param root the folder of the labels; a truth file there names the kinds of the errors
 */
export async function givenErrors(samples: string, root: string): Promise<NoiseEntry[]> {
  const kinds = await kindsIn(root);
  const set = await SampleSet.open(samples);
  try {
    const dices = await trainingDice(set);
    const { cases, structures } = set.manifest;
    return cases.flatMap(({ id }) =>
      structures.flatMap((structure): NoiseEntry[] => {
        const key = labelKey(id, structure);
        const dice = dices.get(key);
        if (dice === undefined || dice >= errorDice(structure)) return [];
        return [{ case: id, structure, kind: kinds.get(key) ?? 'given', dice }];
      }),
    );
  } finally {
    await set.close();
  }
}
