/** Reads the truth that a ranking is evaluated against: a truth file, or a folder of true masks. */
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { readRaster } from '../codecs/index.ts';
import { labelKey } from '../contract/label-key.ts';
import { UserError } from '../errors.ts';
import { dice } from '../imaging/measure.ts';
import { resampleMask } from '../imaging/resample.ts';
import type { Mask } from '../imaging/types.ts';
import { TRUTH_FILE, readTruth } from '../damage/truth.ts';
import type { ProjectReader } from '../store/types.ts';
import type { LabelTruth, Truth } from './evaluate.ts';
import { errorDices } from './error-dice.ts';
import type { ErrorBelow } from './error-dice.ts';

export interface TruthOptions {
  /**
   * A label with a lower dice with its true mask is an error. By default, all labels that a truth file lists
   * are errors; with true masks, all labels with a dice below the reader noise (`errorDice`).
   */
  readonly errorBelow?: ErrorBelow | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface LoadedTruth {
  readonly truth: Truth;
  /** By structure, the dice below which a label is an error; null if a truth file alone names the errors. */
  readonly errorBelow: Readonly<Record<string, number>> | null;
}

/**
 * Reads the truth at `path`: a truth file, a folder with one (`truth.json`), or a folder with a folder
 * of true masks for each structure. A mask has the name of its case.
 * @throws UserError when `path` holds no truth, or a mask cannot be read; UsageError when a threshold names
 * no structure of the project.
 */
export async function loadTruth(
  reader: ProjectReader,
  path: string,
  options: TruthOptions = {},
): Promise<LoadedTruth> {
  const structures = reader.structures.map(({ name }) => name);
  const errorBelow = errorDices(structures, options.errorBelow);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    throw new UserError(`${path} is not there: give a truth file or a folder of true masks.`);
  }
  const inside = found.isDirectory() ? join(path, TRUTH_FILE) : path;
  if ((await stat(inside).catch(() => null))?.isFile()) {
    const listed = options.errorBelow === undefined ? null : errorBelow;
    return { truth: await truthOfFile(inside, listed), errorBelow: listed };
  }
  return { truth: await truthOfMasks(reader, path, { ...options, errorBelow }), errorBelow };
}

/**
 * Reads a truth file: the labels that it lists are errors; all other labels of its cases are right.
 * @param errorBelow if given, a listed label with a known dice is an error only if its dice is below the
 *   threshold of its structure
 */
async function truthOfFile(path: string, errorBelow: LoadedTruth['errorBelow']): Promise<Truth> {
  const file = await readTruth(path);
  const cases = new Set(file.cases);
  const errors = new Map(
    file.errors.map((error) => [labelKey(error.case, error.structure), error.dice]),
  );
  return (id, structure) => {
    if (!cases.has(id)) return null;
    const found = errors.get(labelKey(id, structure));
    if (found === undefined) return { error: false, dice: 1 };
    const mild = errorBelow !== null && found !== null && found >= errorBelow[structure];
    return { error: !mild, dice: found };
  };
}

/** All files in `folder` and its subfolders, by their path inside `folder` without the ending. */
async function filesByStem(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map((entry) => {
        const file = join(entry.parentPath, entry.name);
        const { dir, name } = parse(file.slice(folder.length + 1));
        return [dir === '' ? name : `${dir.replaceAll('\\', '/')}/${name}`, file];
      }),
  );
}

async function readTrueMask(file: string, like: Mask): Promise<Mask> {
  const { raster } = await readRaster(file);
  const { width, height, channels } = raster;
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i += 1) data[i] = raster.data[i * channels] > 0 ? 1 : 0;
  if (width === like.width && height === like.height) return { width, height, data };
  if (width * like.height !== height * like.width) {
    throw new UserError(
      `${file} has ${width} × ${height} pixels, its label ${like.width} × ${like.height}: ` +
        'give true masks of the same shape.',
    );
  }
  return resampleMask({ width, height, data }, like.width, like.height);
}

async function truthOfMasks(
  reader: ProjectReader,
  folder: string,
  options: TruthOptions & { errorBelow: Readonly<Record<string, number>> },
): Promise<Truth> {
  const names = await readdir(folder);
  const files = new Map<string, Map<string, string>>();
  for (const { name } of reader.structures) {
    const own = names.find((entry) => entry.toLowerCase() === name.toLowerCase());
    if (own !== undefined) files.set(name, await filesByStem(join(folder, own)));
  }
  if (files.size === 0) {
    const structures = reader.structures.map(({ name }) => name).join(', ');
    throw new UserError(
      `${folder} has no folder named after a structure (${structures}): ` +
        'give a truth file or a folder of true masks.',
    );
  }
  const known = new Map<string, LabelTruth>();
  const ids = reader.caseIds();
  for (const [index, id] of ids.entries()) {
    options.signal?.throwIfAborted();
    for (const [structure, masks] of files) {
      const file = masks.get(id);
      const given = file === undefined ? null : await reader.mask(id, structure);
      if (file === undefined || given === null) continue;
      const agreement = dice(given, await readTrueMask(file, given));
      known.set(labelKey(id, structure), {
        error: agreement < options.errorBelow[structure],
        dice: agreement,
      });
    }
    options.onProgress?.(index + 1, ids.length);
  }
  if (known.size === 0) {
    throw new UserError(
      `${folder} has no mask named like a case of the project: give its true masks.`,
    );
  }
  return (id, structure) => known.get(labelKey(id, structure)) ?? null;
}
