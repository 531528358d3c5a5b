/**
 * A prepared dataset for experiments: `images/`, one folder of masks per structure, and
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

/** The structures in the order of the published figures, then by name. */
const ORDER = ['lung', 'heart', 'clavicle'];

async function readSplits(file: string): Promise<Splits> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(
      `${file} cannot be read: an experiment needs the names of its cases there.`,
    );
  });
  try {
    return Splits.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${file} must hold {"train": [names], "test": [names]}.`);
  }
}

/**
 * Looks at the dataset in `root`; nothing is decoded yet.
 * @param splitsFile defaults to `splits.json` in `root`.
 * @throws UserError when the layout is another one.
 */
export async function openExperimentData(
  root: string,
  splitsFile = join(root, 'splits.json'),
): Promise<ExperimentData> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => {
    throw new UserError(`${root} is not a folder that can be read: name the dataset's folder.`);
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const structures = folders
    .filter((name) => name !== 'images')
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
  if (!folders.includes('images') || structures.length === 0) {
    throw new UserError(
      `${root} must have a folder "images" and one folder of masks for each structure.`,
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
    if (name === undefined) throw new UserError(`${join(root, folder)} has no file for "${id}".`);
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
 * The same data with `count` of the training cases, drawn by the seed: the fewer are among the more.
 * @throws UserError when there are not so many
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
