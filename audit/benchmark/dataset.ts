/**
 * Reads a dataset that was prepared for experiments: `images/`, a folder of masks for each structure, and
 * `splits.json` with the names of the training and the test cases.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { sortedIds } from '../damage/noise.ts';
import { Random } from '../../models/random.ts';

export const Splits = z.object({
  train: z.array(z.string()).min(2),
  test: z.array(z.string()),
});
export type Splits = z.infer<typeof Splits>;

export interface ExperimentData {
  readonly root: string;
  readonly structures: readonly string[];
  readonly splits: Splits;
  imageFile(id: string): string;
  maskFile(id: string, structure: string): string;
}

/** These structures come first, in the order of the published figures; the others follow by name. */
const ORDER = ['lung', 'heart', 'clavicle'];

async function readSplits(file: string): Promise<Splits> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(
      `${file} cannot be read: write the names of the training and test cases there.`,
    );
  });
  try {
    return Splits.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `${file} is not a file of splits: write {"train": [names], "test": [names]}.`,
    );
  }
}

/**
 * Reads the layout of the dataset in `root`, but no image.
 * @param splitsFile default `splits.json` in `root`
 * @throws UserError when the dataset has another layout
 */
export async function openExperimentData(
  root: string,
  splitsFile = join(root, 'splits.json'),
): Promise<ExperimentData> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => {
    throw new UserError(`${root} is not a readable folder: name the folder of the dataset.`);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const structures = folders
    .filter((name) => name !== 'images')
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
  if (!folders.includes('images') || structures.length === 0) {
    throw new UserError(
      `${root} is not a dataset for a benchmark: it needs a folder "images" and a folder of masks for each structure.`,
    );
  }
  const splits = await readSplits(splitsFile);
  const names = new Map<string, Map<string, string>>();
  for (const folder of ['images', ...structures]) {
    const files = await readdir(join(root, folder));
    const stems = files.map((file): [string, string] => [file.replace(/\.[^.]*$/, ''), file]);
    names.set(folder, new Map(stems));
  }
  const file = (folder: string, id: string): string => {
    const name = names.get(folder)?.get(id);
    if (name === undefined)
      throw new UserError(
        `${join(root, folder)} has no file for "${id}": add it, or leave the case out of the splits.`,
      );
    return join(root, folder, name);
  };
  for (const id of [...splits.train, ...splits.test]) {
    for (const folder of names.keys()) file(folder, id);
  }
  return {
    root,
    structures,
    splits,
    imageFile: (id) => file('images', id),
    maskFile: (id, structure) => file(structure, id),
  };
}

/**
 * The same data with `count` training cases, drawn by the seed. With the same seed, a smaller draw is
 * part of a larger one.
 * @throws UserError when there are fewer cases
 */
export function subsetOf(data: ExperimentData, count: number, seed: number): ExperimentData {
  const { train, test } = data.splits;
  if (count > train.length) {
    throw new UserError(
      `${data.root} has ${train.length} training cases: give at most as many with --cases.`,
    );
  }
  const kept = new Set(new Random('cases', seed).shuffle(sortedIds(train)).slice(0, count));
  return { ...data, splits: { train: train.filter((id) => kept.has(id)), test } };
}

function rank(structure: string): number {
  const at = ORDER.indexOf(structure);
  return at < 0 ? ORDER.length : at;
}
