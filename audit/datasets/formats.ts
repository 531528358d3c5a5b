/** All formats of datasets: which there are, and which one a folder is. */
import { UsageError, UserError } from '../errors.ts';
import { cocoReader } from './coco.ts';
import { cvatReader } from './cvat.ts';
import { dicomReader } from './dicom.ts';
import { foldersReader } from './folders.ts';
import { jsrtReader } from './jsrt.ts';
import { labelmeReader } from './labelme.ts';
import { labelStudioReader } from './labelstudio.ts';
import { manifestReader } from './manifest.ts';
import { nnunetReader } from './nnunet.ts';
import { tellLooking } from './steps.ts';
import type { DatasetListing, DatasetReader, Looking } from './types.ts';
import { vocReader } from './voc.ts';
import { subfolders } from './walk.ts';
import { yoloReader } from './yolo.ts';

export const readers: readonly DatasetReader[] = [
  jsrtReader,
  dicomReader,
  nnunetReader,
  vocReader,
  yoloReader,
  cocoReader,
  cvatReader,
  labelStudioReader,
  manifestReader,
  labelmeReader,
  foldersReader,
];

/** Names for `--format`. */
export const formatNames: readonly string[] = readers.map(({ format }) => format);

/** @throws UsageError when there is no such format. */
export function readerOf(format: string): DatasetReader {
  const reader = readers.find((candidate) => candidate.format === format);
  if (reader !== undefined) return reader;
  throw new UsageError(`There is no format “${format}”: use one of ${formatNames.join(', ')}.`);
}

/**
 * Which format a folder is of, and why.
 * @throws UserError saying what was looked for when it is none; the signal's reason when cancelled.
 */
export async function guessFormat(
  source: string,
  looking: Looking = {},
): Promise<{ reader: DatasetReader; because: string; confidence: number }> {
  // Says so when there is no such folder.
  await subfolders(source);
  const guesses = await Promise.all(
    readers.map(async (reader) => {
      const guess = await reader.guess(source, looking);
      return guess && { reader, ...guess };
    }),
  );
  looking.signal?.throwIfAborted();
  const sure = guesses
    .filter((guess) => guess !== null)
    .sort((a, b) => b.confidence - a.confidence)[0];
  if (sure !== undefined) return sure;
  const looked = readers.map(({ format, looksFor }) => `${looksFor} (${format})`).join('; or ');
  throw new UserError(`${source} is no dataset that is known here: there should be ${looked}.`);
}

/**
 * Looks at a dataset: of the format that is given, or of the one it looks like.
 * @param source the dataset's folder; empty when the options name its folders one by one.
 * @throws UserError when it is none, or has no case; the signal's reason when cancelled.
 */
export async function openDataset(
  source: string,
  options: Readonly<Record<string, unknown>> = {},
  format?: string,
  looking: Looking = {},
): Promise<DatasetListing & { because: string | null }> {
  const has = (...names: readonly string[]) => names.some((name) => options[name] !== undefined);
  const named = has('manifest')
    ? 'manifest'
    : has('images', 'labels', 'masks')
      ? 'folders'
      : undefined;
  const asked = format ?? named;
  tellLooking(looking, 0, 0);
  const { reader, because } =
    asked === undefined
      ? await guessFormat(source, looking)
      : { reader: readerOf(asked), because: null };
  const listing = await reader.open(source, options, looking);
  looking.signal?.throwIfAborted();
  // A reader that leaves a file out has not counted all of it.
  tellLooking(looking, 1, 1);
  return { ...listing, because };
}
