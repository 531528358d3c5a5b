/** Writes the report of a project: `ranking.csv` and the self-contained page `report.html`. */
import { mkdir, open, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readImageFile } from '../codecs/index.ts';
import { datasetFolders } from '../datasets/export/export.ts';
import { assertApart } from '../datasets/tree/places.ts';
import type { OnProgress } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import { resampleImage } from '../imaging/resample.ts';
import type { GreyImage } from '../imaging/types.ts';
import { openSegmenter } from '../scoring/networks.ts';
import type { Segmenter } from '../scoring/networks.ts';
import { temporaryBeside } from '../store/leftovers.ts';
import type { ProjectReader } from '../store/types.ts';
import { shownNetwork } from '../training/shown.ts';
import { zScore } from '../../models/preprocess.ts';
import type { Field } from './contour.ts';
import { rankingCsv } from './csv.ts';
import { gather } from './data.ts';
import type { GatherOptions, LabelEntry, WorstLabel } from './data.ts';
import { reportPage } from './page.ts';
import { drawLabel } from './picture.ts';

export interface ReportOptions extends GatherOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** The page shows this many of the worst labels. */
const SHOWN = 20;

/**
 * The segmenter's probabilities of one structure at the network's resolution, or null if there is no
 * segmenter or it does not know the structure.
 */
async function propose(
  segmenter: Segmenter | null,
  image: GreyImage,
  structure: string,
  nameNow: ProjectReader['nameNow'],
): Promise<Field | null> {
  const index = segmenter?.structures.findIndex((name) => nameNow(name) === structure) ?? -1;
  if (segmenter === null || index < 0) return null;
  const { width, height } = segmenter;
  const input = zScore(resampleImage(image, width, height));
  const all = await segmenter.segment(input, 1);
  const pixels = width * height;
  return { width, height, data: all.subarray(index * pixels, (index + 1) * pixels) };
}

async function show(
  reader: ProjectReader,
  segmenter: Segmenter | null,
  entry: LabelEntry,
): Promise<WorstLabel> {
  const summary = reader.case(entry.case);
  const size = summary ?? { width: 256, height: 256 };
  try {
    const mask = await reader.mask(entry.case, entry.structure);
    const { image } = await readImageFile(reader.imageFile(entry.case));
    if (mask === null || mask.width !== image.width || mask.height !== image.height) {
      return {
        entry,
        size,
        picture: null,
        problem: 'The image no longer has the size of its label.',
      };
    }
    const proposal = await propose(segmenter, image, entry.structure, (name) =>
      reader.nameNow(name),
    );
    return { entry, size, picture: drawLabel(image, mask, proposal), problem: null };
  } catch (error) {
    // The error names a path of this machine, which must not appear in a page for other people.
    if (error instanceof UserError) {
      return { entry, size, picture: null, problem: 'The image cannot be read any more.' };
    }
    throw error;
  }
}

async function worstLabels(
  reader: ProjectReader,
  entries: readonly LabelEntry[],
  model: string | null,
  options: ReportOptions,
): Promise<WorstLabel[]> {
  const opened = new Map<string, Segmenter>();
  const segmenterOf = async ({ case: id, structure }: LabelEntry): Promise<Segmenter | null> => {
    const file = await shownNetwork(reader, model, id, 'segmenter', structure);
    if (file === null) return null;
    const segmenter = opened.get(file) ?? (await openSegmenter(file));
    opened.set(file, segmenter);
    return segmenter;
  };
  const result: WorstLabel[] = [];
  try {
    for (const entry of entries) {
      options.signal?.throwIfAborted();
      result.push(await show(reader, await segmenterOf(entry), entry));
      options.onProgress?.({
        task: 'export',
        message: 'Drawing the worst labels',
        done: result.length,
        total: entries.length,
        secondsLeft: null,
      });
    }
  } finally {
    for (const segmenter of opened.values()) await segmenter.close();
  }
  return result;
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws UserError unless `out` is new or an empty folder */
async function checkOut(out: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(out);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new UserError(`${out} is a file: give the name of a new folder.`);
    throw new UserError(`${out} cannot be read: give the name of a new folder.`);
  }
  if (names.length > 0) {
    throw new UserError(`${out} is not empty: give the name of a new folder.`);
  }
}

/**
 * The folder inside the project for reports that were asked for without a folder. The window shows
 * these reports.
 */
export function keptReports(projectFolder: string): string {
  return join(projectFolder, 'cache', 'reports');
}

/**
 * Writes the report into `out`, a new or empty folder: the ranking of all labels as CSV, and one page
 * with the worst twenty, the distributions, verdicts, moves and training curves. The page names cases,
 * but no file or folder of this machine. A failure leaves nothing behind.
 * @throws UserError when nothing was scored, or `out` cannot be written; AbortError when cancelled.
 */
export async function writeReport(
  reader: ProjectReader,
  out: string,
  options: ReportOptions = {},
): Promise<{ page: string; csv: string }> {
  const folder = resolve(out);
  await assertApart('The report', folder, datasetFolders(reader));
  if (dirname(folder) !== keptReports(reader.folder)) {
    await assertApart('The report', folder, [reader.folder], 'the project');
  }
  await checkOut(folder);
  reader.assertMayCopy();
  const data = await gather(reader, options);
  const run = data.run === null ? null : data.model;
  const worst = await worstLabels(reader, data.labels.slice(0, SHOWN), run, options);
  await mkdir(dirname(folder), { recursive: true }).catch(() => undefined);
  const staging = temporaryBeside(folder);
  const temporary = staging.path;
  try {
    await mkdir(temporary, { recursive: true });
    await writeSynced(join(temporary, 'ranking.csv'), rankingCsv(data.labels, data.ranked.number));
    await writeSynced(join(temporary, 'report.html'), reportPage({ ...data, worst }));
    // Removes `folder` first if it exists and is empty: not every system can rename over a folder.
    await rmdir(folder).catch(() => undefined);
    await rename(temporary, folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
      throw new UserError(`${folder} may not be written: give a folder that may.`, {
        code: 'read-only',
      });
    }
    if (code === 'ENOSPC') {
      throw new UserError(
        `The disk of ${folder} is full: free some space, or give another folder.`,
        { code: 'disk-full' },
      );
    }
    throw error;
  } finally {
    staging.remove();
  }
  return { page: join(folder, 'report.html'), csv: join(folder, 'ranking.csv') };
}
