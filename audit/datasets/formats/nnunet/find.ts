/** Finds the images, label folders and folds of an nnU-Net dataset. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { readRegular } from '../../../regular.ts';
import { imagesOf } from '../../masks/matching.ts';
import { DATASET_FILE, DatasetJson, FOLDS_FILE, Folds, NNUNET_SETS, channelOf } from './layout.ts';
import type { NnunetLayout } from './layout.ts';
import { leftOut } from '../../import/notices.ts';
import { isWithin, portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import { subfolders, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

const MAX_JSON = 64 * 1024 * 1024;

/**
 * Reads a JSON file of the dataset, or returns null if there is none.
 * @param must the end of the error's sentence: what the file must hold
 */
async function readJson<T>(file: string, schema: z.ZodType<T>, must: string): Promise<T | null> {
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  if (found.size > MAX_JSON) throw new UserError(`${file} is larger than 64 MB: ${must}.`);
  try {
    return schema.parse(JSON.parse(await readRegular(file, 'utf8')));
  } catch {
    throw new UserError(`${file} cannot be used: ${must}.`);
  }
}

/** The contents of `dataset.json`, or null if there is none. */
export const datasetJson = (root: string) =>
  readJson(
    join(root, DATASET_FILE),
    DatasetJson,
    'it must hold "labels" as nnU-Net has them, such as {"background": 0, "lung": 1}',
  );

/** The images of one folder. The image of a case is the file of its first channel. */
export async function casesIn(
  folder: string,
  signal?: AbortSignal,
): Promise<{ images: FoundFile[]; notices: ImportNotice[] }> {
  const { images: files, notices } = imagesOf(await walk(folder, signal));
  // The Medical Segmentation Decathlon has nnU-Net's folders, but no channels in its file names. Without
  // channels, every file is an image.
  const numbered = files.some(({ id }) => channelOf(id).channel === 0);
  const images: FoundFile[] = [];
  for (const file of files) {
    const { name, channel } = channelOf(file.id);
    if (!numbered) images.push(file);
    else if (channel === 0) images.push({ ...file, id: name });
    else if (channel === null) {
      notices.push(leftOut(file.path, 'has no number of a channel, such as _0000, in its name.'));
    } else {
      const reason = 'is another channel of its case: the first is shown, all are exported.';
      notices.push(leftOut(file.path, reason));
    }
  }
  return { images, notices };
}

/**
 * The split of each case: its part of the first fold, train or validation. If the file of folds cannot be
 * used, the result is a notice and no splits.
 */
export async function foldOf(
  root: string,
): Promise<{ of: ReadonlyMap<string, string>; notices: ImportNotice[] }> {
  const file = join(root, FOLDS_FILE);
  const of = new Map<string, string>();
  try {
    const folds = await readJson(file, Folds, 'must hold folds');
    for (const id of folds?.[0]?.train ?? []) of.set(id.normalize('NFC'), 'train');
    for (const id of folds?.[0]?.val ?? []) of.set(id.normalize('NFC'), 'validation');
    return { of, notices: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const reason =
      'must hold [{"train": [names], "val": [names]}]; it was ignored, so the cases have no split.';
    return { of, notices: [leftOut(file, reason)] };
  }
}

/** The image folders that exist, each with its folder of labels: `labelsFrom` or nnU-Net's own. */
export async function setsOf(
  root: string,
  labelsFrom: string | undefined,
): Promise<{ sets: NnunetLayout['sets']; notices: ImportNotice[] }> {
  const there = new Set(await subfolders(root));
  const notices: ImportNotice[] = [];
  const sets: NnunetLayout['sets'] = [];
  for (const { images, labels } of NNUNET_SETS) {
    if (!there.has(images)) continue;
    if (labelsFrom !== undefined) {
      const from = portable(root, labelsFrom);
      sets.push({ images, labels: { from, to: isWithin(labelsFrom, root) ? from : labels } });
    } else if (there.has(labels)) {
      sets.push({ images, labels: { from: labels, to: labels } });
    } else {
      const reason = `has no folder ${labels} beside it: its images are left out.`;
      notices.push(leftOut(join(root, images), reason));
    }
  }
  return { sets, notices };
}
