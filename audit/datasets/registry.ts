/**
 * The formats of datasets that there are, and the one that a dataset is of. A new format is a folder
 * below `formats/`, and an entry in the list here.
 */
import { dirname, resolve } from 'node:path';
import { UsageError, UserError } from '../errors.ts';
import { isFile } from './export/target-folder.ts';
import { coco } from './formats/coco/format.ts';
import { cvat } from './formats/cvat/format.ts';
import { dicom, dicomSeg } from './formats/dicom/format.ts';
import { folders } from './formats/folders/format.ts';
import { jsrt } from './formats/jsrt/format.ts';
import { labelme } from './formats/labelme/format.ts';
import { labelStudio } from './formats/labelstudio/format.ts';
import { manifest } from './formats/manifest/format.ts';
import { nnunet } from './formats/nnunet/format.ts';
import { voc } from './formats/voc/format.ts';
import { yolo } from './formats/yolo/format.ts';
import { leaveOutLongNames } from './import/long-names.ts';
import { tellLooking } from './import/steps.ts';
import { subfolders } from './tree/walk.ts';
import type {
  DatasetFormat,
  DatasetReader,
  DatasetWriter,
  Looking,
  NamedDataset,
  OpenedDataset,
} from './types.ts';

/** In the order in which guesses that are equally sure are taken. */
const formats: readonly DatasetFormat[] = [
  jsrt,
  dicom,
  dicomSeg,
  nnunet,
  voc,
  yolo,
  coco,
  cvat,
  labelStudio,
  manifest,
  labelme,
  folders,
];

/** A format that datasets are read in, or written in. */
export type ReadFormat = DatasetFormat & { readonly reader: DatasetReader };
export type WrittenFormat = DatasetFormat & { readonly writer: DatasetWriter };

export const readFormats = formats.filter((format): format is ReadFormat => format.reader !== null);
export const writtenFormats = formats.filter(
  (format): format is WrittenFormat => format.writer !== null,
);

/** What a dataset is written in where its own format is only read. */
const PLAIN: WrittenFormat = folders;

/** Those that a dataset of the format `own` can be written in: its own first, then plain folders. */
export function formatsToWrite(own: string): readonly WrittenFormat[] {
  const place = ({ name }: DatasetFormat) => (name === own ? 0 : name === PLAIN.name ? 1 : 2);
  return writtenFormats
    .filter(({ name, writer }) => name === own || writer.holds !== null)
    .sort((a, b) => place(a) - place(b));
}

/**
 * The format to write a dataset in.
 * @param own the format that the dataset came in
 * @param asked the one that a person named; default: its own, or plain folders
 * @throws UsageError when there is no such format to write.
 */
export function formatToWrite(own: string, asked?: string): WrittenFormat {
  const found = writtenFormats.find(({ name }) => name === (asked ?? own));
  if (found !== undefined) return found;
  if (asked === undefined) return PLAIN;
  const names = writtenFormats.map(({ name }) => name).join(', ');
  throw new UsageError(`There is no format “${asked}” to write: use one of ${names}.`);
}

/** @throws UsageError when there is no such format. */
export function formatToRead(asked: string): ReadFormat {
  const found = readFormats.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const names = readFormats.map(({ name }) => name).join(', ');
  throw new UsageError(`There is no format “${asked}”: use one of ${names}.`);
}

/**
 * Which format a folder is of, and why.
 * @param first those that go before all others, whatever else fits.
 * @throws UserError saying what was looked for when it is none; the signal's reason when cancelled.
 */
export async function guessFormat(
  source: string,
  looking: Looking = {},
  first: readonly DatasetFormat[] = [],
): Promise<{ format: ReadFormat; because: string; confidence: number }> {
  // Says so when there is no such folder.
  await subfolders(source);
  const guesses = await Promise.all(
    readFormats.map(async (format) => {
      const guess = await format.reader.guess(source, looking);
      return guess && { format, ...guess };
    }),
  );
  looking.signal?.throwIfAborted();
  const isFirst = ({ format }: { format: DatasetFormat }) => Number(first.includes(format));
  const sure = guesses
    .filter((guess) => guess !== null)
    .sort((a, b) => isFirst(b) - isFirst(a) || b.confidence - a.confidence)[0];
  if (sure !== undefined) return sure;
  const looked = readFormats
    .map(({ name, reader }) => `${reader.looksFor} (${name})`)
    .join('; or ');
  throw new UserError(`${source} is no dataset that is known here: there should be ${looked}.`);
}

/** What a person named: a dataset, and the formats that claim its file where it was named by one. */
interface Named extends Required<NamedDataset> {
  readonly claimedBy: readonly ReadFormat[];
}

/**
 * The dataset that a path means: a folder means itself, a file what its format makes of it.
 * @param asked the format that was asked for
 */
async function named(
  source: string,
  options: Named['options'],
  asked: string | undefined,
): Promise<Named> {
  const file = resolve(source);
  if (!(await isFile(file))) return { source, options, claimedBy: [] };
  const claims = await Promise.all(
    readFormats.map(async (format) => (await format.claims?.(file)) ?? false),
  );
  const claimedBy = readFormats.filter((_, index) => claims[index]);
  const format = asked === undefined ? claimedBy[0] : formatToRead(asked);
  const dataset = format?.datasetOf?.(file) ?? { source: dirname(file) };
  return { source: dataset.source, options: { ...dataset.options, ...options }, claimedBy };
}

/**
 * Looks at a dataset: of the format that is given, or of the one it looks like.
 * @param source the dataset's folder or one of its files; empty when the options name its folders one
 *   by one.
 * @param asked the name of the format
 * @throws UserError when it is none, or has no case; the signal's reason when cancelled.
 */
export async function openDataset(
  source: string,
  options: Readonly<Record<string, unknown>> = {},
  asked?: string,
  looking: Looking = {},
): Promise<OpenedDataset> {
  const dataset = await named(source, options, asked);
  const given = dataset.options;
  const implied = readFormats.find(({ impliedBy = [] }) =>
    impliedBy.some((option) => given[option] !== undefined),
  );
  tellLooking(looking, 0, 0);
  const told = asked === undefined ? implied : formatToRead(asked);
  const { format, because } =
    told === undefined
      ? await guessFormat(dataset.source, looking, dataset.claimedBy)
      : { format: told, because: null };
  const listing = leaveOutLongNames(await format.reader.open(dataset.source, given, looking));
  looking.signal?.throwIfAborted();
  // A reader that leaves a file out has not counted all of it.
  tellLooking(looking, 1, 1);
  return { ...listing, format: format.name, because, options: given };
}
