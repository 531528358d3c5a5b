/**
 * The list of dataset formats, and the choice of one for a dataset. A new format is a folder below
 * `formats/` and an entry in the list below.
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
import { roboflow } from './formats/roboflow/format.ts';
import { voc } from './formats/voc/format.ts';
import { yolo } from './formats/yolo/format.ts';
import { leaveOutLongNames } from './import/long-names.ts';
import { tellLooking } from './import/steps.ts';
import { archiveAt, toUnpack } from './tree/archives.ts';
import { kindNotRead } from './tree/not-read.ts';
import { onlyFolder, subfolders } from './tree/walk.ts';
import type {
  DatasetFormat,
  DatasetReader,
  DatasetWriter,
  Looking,
  NamedDataset,
  OpenedDataset,
} from './types.ts';

/** If two formats are equally sure about a folder, the earlier one is taken. */
const formats: readonly DatasetFormat[] = [
  jsrt,
  dicom,
  dicomSeg,
  nnunet,
  voc,
  yolo,
  roboflow,
  coco,
  cvat,
  labelStudio,
  manifest,
  labelme,
  folders,
];

/** A format that has a reader. `WrittenFormat` is a format that has a writer. */
export type ReadFormat = DatasetFormat & { readonly reader: DatasetReader };
export type WrittenFormat = DatasetFormat & { readonly writer: DatasetWriter };

export const readFormats = formats.filter((format): format is ReadFormat => format.reader !== null);
export const writtenFormats = formats.filter(
  (format): format is WrittenFormat => format.writer !== null,
);

/** The default format for the export of a dataset whose own format has no writer. */
const PLAIN: WrittenFormat = folders;

/**
 * The formats in which a dataset of the format `own` can be exported: `own` first, then plain folders,
 * then the others.
 */
export function formatsToWrite(own: string): readonly WrittenFormat[] {
  const place = ({ name }: DatasetFormat) => (name === own ? 0 : name === PLAIN.name ? 1 : 2);
  return writtenFormats
    .filter(({ name, writer }) => name === own || writer.holds !== null)
    .sort((a, b) => place(a) - place(b));
}

/**
 * The format for the export of a dataset.
 * @param own the dataset's own format
 * @param asked the format that a person named; default: `own`, or plain folders if `own` has no writer
 * @throws UsageError when no writer has this name.
 */
export function formatToWrite(own: string, asked?: string): WrittenFormat {
  const found = writtenFormats.find(({ name }) => name === (asked ?? own));
  if (found !== undefined) return found;
  if (asked === undefined) return PLAIN;
  const names = writtenFormats.map(({ name }) => name).join(', ');
  throw new UsageError(`There is no format “${asked}” to write: use one of ${names}.`);
}

/** @throws UsageError when no reader has this name. */
export function formatToRead(asked: string): ReadFormat {
  const found = readFormats.find(({ name }) => name === asked);
  if (found !== undefined) return found;
  const names = readFormats.map(({ name }) => name).join(', ');
  throw new UsageError(`There is no format “${asked}”: use one of ${names}.`);
}

/** The sentence of the first reader whose format a folder nearly has, or null if there is none. */
async function nearest(source: string): Promise<string | null> {
  for (const { reader } of readFormats) {
    const near = await reader.nearly?.(source).catch(() => null);
    if (typeof near === 'string') return near;
  }
  return null;
}

/** The most folders that are looked for, each alone in the one before. */
const MOST_INSIDE = 3;

/** The folder itself, the folder that lies alone in it, and so on. */
async function foldersInside(source: string): Promise<readonly string[]> {
  const found = [source];
  while (found.length <= MOST_INSIDE) {
    const inner = await onlyFolder(found[found.length - 1]);
    if (inner === null) break;
    found.push(inner);
  }
  return found;
}

interface Guess {
  readonly format: ReadFormat;
  readonly because: string;
  readonly confidence: number;
}

/** The surest guess of the readers, or null if no format fits. @param first see `guessFormat` */
async function surest(
  source: string,
  looking: Looking,
  first: readonly DatasetFormat[],
): Promise<Guess | null> {
  const guesses = await Promise.all(
    readFormats.map(async (format) => {
      const guess = await format.reader.guess(source, looking);
      return guess && { format, ...guess };
    }),
  );
  looking.signal?.throwIfAborted();
  const isFirst = ({ format }: { format: DatasetFormat }) => Number(first.includes(format));
  const sorted = guesses
    .filter((guess) => guess !== null)
    .sort((a, b) => isFirst(b) - isFirst(a) || b.confidence - a.confidence);
  return sorted[0] ?? null;
}

/**
 * Guesses the format of a folder, or of the only folder in it if no format fits.
 * @param first formats that are preferred to all others that fit
 * @returns the guess, and the folder that it is about
 * @throws UserError when no format fits: what is missing, or a list of what the readers look for; the
 *   signal's reason when cancelled.
 */
export async function guessFormat(
  source: string,
  looking: Looking = {},
  first: readonly DatasetFormat[] = [],
): Promise<Guess & { readonly source: string }> {
  // Throws if the folder does not exist.
  await subfolders(source);
  const inside = await foldersInside(source);
  for (const folder of inside) {
    const sure = await surest(folder, looking, first);
    if (sure !== null) return { ...sure, source: folder };
  }
  for (const folder of inside) {
    const archive = await archiveAt(folder);
    if (archive !== null) throw toUnpack(archive);
    const near = (await kindNotRead(folder)) ?? (await nearest(folder));
    if (near !== null) throw new UserError(near);
  }
  const looked = readFormats
    .map(({ name, reader }) => `${reader.looksFor} (${name})`)
    .join('; or ');
  throw new UserError(
    `${source} is not a dataset in a format that Overread knows: it looks for ${looked}.`,
  );
}

/**
 * The dataset that a person named by its folder or a file. If it was a file, `claimedBy` lists the
 * formats that claim the file.
 */
interface ResolvedSource extends Required<NamedDataset> {
  readonly claimedBy: readonly ReadFormat[];
}

/**
 * Finds the dataset for a path. A folder is a dataset itself. For a file, `datasetOf` of the file's
 * format says which dataset it belongs to; by default it is the file's folder.
 * @param asked the name of the format, if a person named one
 */
async function resolveSource(
  source: string,
  options: ResolvedSource['options'],
  asked: string | undefined,
): Promise<ResolvedSource> {
  const file = resolve(source);
  if (!(await isFile(file))) return { source, options, claimedBy: [] };
  const archive = await archiveAt(file);
  if (archive !== null) throw toUnpack(archive);
  const claims = await Promise.all(
    readFormats.map(async (format) => (await format.claims?.(file)) ?? false),
  );
  const claimedBy = readFormats.filter((_, index) => claims[index]);
  const format = asked === undefined ? claimedBy[0] : formatToRead(asked);
  const dataset = format?.datasetOf?.(file) ?? { source: dirname(file) };
  return { source: dataset.source, options: { ...dataset.options, ...options }, claimedBy };
}

/**
 * Lists the cases of a dataset, in the format that a person named or else in the one that fits best.
 * @param named the dataset's folder or one of its files; empty if the options name every folder
 * @param asked the name of the format, if a person named one
 * @throws UserError when no format fits or the dataset has no case; the signal's reason when cancelled.
 */
export async function openDataset(
  named: string,
  options: Readonly<Record<string, unknown>> = {},
  asked?: string,
  looking: Looking = {},
): Promise<OpenedDataset> {
  const dataset = await resolveSource(named, options, asked);
  const given = dataset.options;
  const implied = readFormats.find(({ impliedBy = [] }) =>
    impliedBy.some((option) => given[option] !== undefined),
  );
  tellLooking(looking, 0, 0);
  const chosen = asked === undefined ? implied : formatToRead(asked);
  const { format, because, source } =
    chosen === undefined
      ? await guessFormat(dataset.source, looking, dataset.claimedBy)
      : { format: chosen, because: null, source: dataset.source };
  const opening = format.reader.open(source, given, looking).catch(async (error: unknown) => {
    const kind = chosen === undefined && error instanceof UserError && (await kindNotRead(source));
    throw typeof kind === 'string' ? new UserError(kind) : error;
  });
  const listing = leaveOutLongNames(await opening);
  looking.signal?.throwIfAborted();
  // A reader that skips files does not report its last step, so the end is reported here.
  tellLooking(looking, 1, 1);
  return { ...listing, format: format.name, because, options: given };
}
