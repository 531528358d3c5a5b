/** All formats of datasets: which there are, and which one a folder is. */
import { UsageError, UserError } from '../errors.ts';
import { cocoReader } from './formats/coco/reader.ts';
import { cvatReader } from './formats/cvat/reader.ts';
import { dicomReader } from './formats/dicom/reader.ts';
import { foldersReader } from './formats/folders/reader.ts';
import { jsrtReader } from './formats/jsrt/reader.ts';
import { labelmeReader } from './formats/labelme/reader.ts';
import { labelStudioReader } from './formats/labelstudio/reader.ts';
import { manifestReader } from './formats/manifest/reader.ts';
import { named } from './named-file.ts';
import { nnunetReader } from './formats/nnunet/reader.ts';
import { tellLooking } from './import/steps.ts';
import type { DatasetListing, DatasetReader, Looking } from './types.ts';
import { vocReader } from './formats/voc/reader.ts';
import { subfolders } from './tree/walk.ts';
import { yoloReader } from './formats/yolo/reader.ts';

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

export interface OpenedDataset extends DatasetListing {
  /** The sentence that says why this format, when it was guessed. */
  readonly because: string | null;
  readonly options: Readonly<Record<string, unknown>>;
}

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
 * @param first those that go before all others, whatever else fits.
 * @throws UserError saying what was looked for when it is none; the signal's reason when cancelled.
 */
export async function guessFormat(
  source: string,
  looking: Looking = {},
  first: readonly string[] = [],
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
  const isFirst = ({ reader }: { reader: DatasetReader }) => Number(first.includes(reader.format));
  const sure = guesses
    .filter((guess) => guess !== null)
    .sort((a, b) => isFirst(b) - isFirst(a) || b.confidence - a.confidence)[0];
  if (sure !== undefined) return sure;
  const looked = readers.map(({ format, looksFor }) => `${looksFor} (${format})`).join('; or ');
  throw new UserError(`${source} is no dataset that is known here: there should be ${looked}.`);
}

/**
 * Looks at a dataset: of the format that is given, or of the one it looks like.
 * @param source the dataset's folder or one of its files; empty when the options name its folders one
 *   by one.
 * @returns with the options that it was opened with.
 * @throws UserError when it is none, or has no case; the signal's reason when cancelled.
 */
export async function openDataset(
  source: string,
  options: Readonly<Record<string, unknown>> = {},
  format?: string,
  looking: Looking = {},
): Promise<OpenedDataset> {
  const dataset = await named(source, options, format);
  const given = dataset.options;
  const has = (...names: readonly string[]) => names.some((name) => given[name] !== undefined);
  const told = has('manifest')
    ? 'manifest'
    : has('images', 'labels', 'masks')
      ? 'folders'
      : undefined;
  const asked = format ?? told;
  tellLooking(looking, 0, 0);
  const { reader, because } =
    asked === undefined
      ? await guessFormat(dataset.source, looking, dataset.formats)
      : { reader: readerOf(asked), because: null };
  const listing = await reader.open(dataset.source, given, looking);
  looking.signal?.throwIfAborted();
  // A reader that leaves a file out has not counted all of it.
  tellLooking(looking, 1, 1);
  return { ...listing, because, options: given };
}
