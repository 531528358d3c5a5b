/**
 * Reads a dataset that was prepared for experiments: `images/`, a folder of masks for each structure, and
 * `splits.json` with the names of the training and the test cases. An experiment can use labels that are
 * wrong already. Either the dataset holds them and has the true masks in `truth/`, as phantoms do; or
 * another folder holds them (`withGivenLabels`).
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
  /** The true mask. */
  maskFile(id: string, structure: string): string;
  /** The labels to train on if they are wrong already; null if they are made by damaging true masks. */
  readonly given: GivenLabels | null;
}

/** The labels to train on that an experiment takes as they are: some of them are wrong. */
export interface GivenLabels {
  readonly root: string;
  maskFile(id: string, structure: string): string;
}

/** This folder holds the true masks of cases with wrong labels, in a folder for each structure. */
const TRUTH_FOLDER = 'truth';

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
 * Finds the files of the dataset in `root`, and reads the splits but no image.
 * @param splitsFile default `splits.json` in `root`
 * @throws UserError when a folder or file is missing, or the splits cannot be read
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
    .filter((name) => name !== 'images' && name !== TRUTH_FOLDER)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, 'en'));
  if (!folders.includes('images') || structures.length === 0) {
    throw new UserError(
      `${root} is not a dataset for a benchmark: it needs a folder "images" and a folder of masks for each structure.`,
    );
  }
  const splits = await readSplits(splitsFile);
  const own = ['images', ...structures];
  const files = await filesIn(root, own);
  const inside = folders.includes(TRUTH_FOLDER) ? join(root, TRUTH_FOLDER) : null;
  const truth = inside === null ? null : await filesIn(inside, structures);
  for (const id of [...splits.train, ...splits.test]) {
    for (const folder of own) requireFile(root, files, folder, id);
  }
  const maskFile = (id: string, structure: string): string =>
    requireFile(root, files, structure, id);
  return {
    root,
    structures,
    splits,
    imageFile: (id) => requireFile(root, files, 'images', id),
    maskFile: (id, structure) => truth?.get(structure)?.get(id) ?? maskFile(id, structure),
    given: inside === null ? null : { root, maskFile },
  };
}

/**
 * The same data, to be trained on the labels in `root`. There, each structure has a folder of masks; a
 * structure without one is left out of the returned data.
 * @throws UserError when `root` has no structure of the dataset, or no file for a training case
 */
export async function withGivenLabels(data: ExperimentData, root: string): Promise<ExperimentData> {
  const folders = await readdir(root).catch(() => {
    throw new UserError(`${root} is not a readable folder: name the folder of the given labels.`);
  });
  const structures = data.structures.filter((name) => folders.includes(name));
  if (structures.length === 0) {
    throw new UserError(
      `${root} has no folder of ${data.structures.join(' or ')}: give the labels of a structure there.`,
    );
  }
  const files = await filesIn(root, structures);
  const maskFile = (id: string, structure: string): string =>
    requireFile(root, files, structure, id);
  for (const id of data.splits.train) for (const name of structures) maskFile(id, name);
  return { ...data, structures, given: { root, maskFile } };
}

/** The paths of files, by the name of their folder, then by the name of the case. */
type Files = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The files in the given folders of `root`; a folder that does not exist gets an empty list. */
async function filesIn(root: string, folders: readonly string[]): Promise<Files> {
  const found = new Map<string, Map<string, string>>();
  for (const folder of folders) {
    const names = await readdir(join(root, folder)).catch(() => []);
    const byCase = names.map((name): [string, string] => [
      name.replace(/\.[^.]*$/, ''),
      join(root, folder, name),
    ]);
    found.set(folder, new Map(byCase));
  }
  return found;
}

function requireFile(root: string, files: Files, folder: string, id: string): string {
  const path = files.get(folder)?.get(id);
  if (path !== undefined) return path;
  throw new UserError(
    `${join(root, folder)} has no file for "${id}": add it, or leave the case out of the splits.`,
  );
}

/**
 * The same data with only `count` training cases, which the seed chooses. With the same seed, the cases
 * of a smaller count are among the cases of a larger one.
 * @throws UserError when the data has fewer training cases
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
