/**
 * Finds the errors among given labels, which an experiment did not damage itself: compares them with the
 * true masks in the sample set.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labelKey } from '../contract/label-key.ts';
import { TRUTH_FILE, readTruth } from '../damage/truth.ts';
import { errorDice } from '../ranking/error-dice.ts';
import { SampleSet } from '../../models/sampleset.ts';
import type { NoiseEntry } from './noise.ts';
import { trainingDice } from './scores.ts';

/** The kinds of error in the truth file in `root`, by the label's key; empty if there is no such file. */
async function kindsIn(root: string): Promise<ReadonlyMap<string, string>> {
  const file = join(root, TRUTH_FILE);
  if (!existsSync(file)) return new Map();
  const { errors } = await readTruth(file);
  return new Map(errors.map((error) => [labelKey(error.case, error.structure), error.kind]));
}

/**
 * The training labels whose dice with the true mask is below the reader noise.
 * @param samples the file of the sample set
 * @param root the folder of the labels; if it has a truth file, the kinds of the errors come from there
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
