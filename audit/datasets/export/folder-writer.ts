/**
 * Writes images and masks into folders. A dataset of folders keeps its folders and file formats: files
 * that nobody changed are copied byte for byte, and a corrected mask keeps the encoding of its file.
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import { isExcluded } from './exported.ts';
import { isFile, putBytes, putCopy } from './target-folder.ts';
import { newMaskFolder } from '../masks/folder-layout.ts';
import type { FoldersLayout } from '../masks/folder-layout.ts';
import { extensionOf } from '../../codecs/sniff.ts';
import { codingOf } from '../masks/coding.ts';
import { MaskStyles, PLAIN_STYLE, encodeMask, extensionFor, renamed } from '../masks/mask-style.ts';
import { foreseeFolders } from '../masks/losses.ts';
import { LEGEND_FILE, findLegend, isLegendFile } from '../masks/legend.ts';
import { changed } from '../import/notices.ts';
import { writeCases } from './write-cases.ts';
import { isWithin, portable } from '../tree/places.ts';
import { PICTURES, putImage } from './put-image.ts';
import { putNewValues, putValues } from './put-values.ts';
import { SPLITS_FILE } from '../tree/splits.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import type { ExportedCase, ExportedLabel, OpenWriter, WriteOptions } from '../types.ts';
import { readRegular } from '../../regular.ts';

/** Image formats that are copied unchanged from a dataset of another format. */
const COPIED = [...PICTURES, 'gif', 'nifti', 'jsrt'] as const;

/**
 * The folder of a structure's masks. A structure that the dataset lacks gets a new folder, called like the
 * structure.
 */
function placeOf({ layout }: Job, structure: string): FoldersLayout['labels'][number] {
  const known = layout.labels.find((place) => place.structure === structure);
  return known ?? { structure, from: null, to: newMaskFolder(structure, layout.images.to) };
}

/** The layout for a dataset of another format: one folder of PNG masks per structure. */
function plainLayout(structures: readonly { name: string }[]): FoldersLayout {
  return {
    whole: true,
    images: { from: '', to: 'images' },
    labels: structures.map(({ name }) => ({ structure: name, from: '', to: name })),
    multi: null,
    extras: [],
  };
}

interface Job {
  readonly out: string;
  readonly layout: FoldersLayout;
  /** True if the dataset came in `layout`; false for a dataset of another format. */
  readonly native: boolean;
  readonly options: WriteOptions;
  readonly styles: MaskStyles;
}

/**
 * The path of a file in the export. A file below the folder `place.from` keeps its path relative to that
 * folder, now below `place.to`. Any other file, and every file of a dataset of another format, is written as
 * `otherwise` below `place.to`.
 */
function target(
  job: Job,
  place: { from: string | null; to: string },
  file: string,
  otherwise: string,
): string {
  const folder = place.from === null ? null : join(job.options.root, place.from);
  const kept = job.native && folder !== null && isWithin(file, folder);
  return `${place.to}/${kept ? portable(folder, file) : otherwise}`;
}

async function writeBinary(
  job: Job,
  item: ExportedCase,
  label: ExportedLabel,
  place: { from: string | null; to: string },
): Promise<ImportNotice[]> {
  const { out, native, styles } = job;
  if (isExcluded(label)) return [];
  const source = native ? label.sourceFile : null;
  const here = source !== null && (await isFile(source)) ? source : null;
  if (here !== null && !label.corrected) {
    await putCopy(out, target(job, place, here, ''), here);
    return [];
  }
  const mask = await label.mask();
  if (mask === null) return [];
  const folder = place.from === null ? null : join(job.options.root, place.from);
  const style =
    !native || folder === null
      ? PLAIN_STYLE
      : here === null
        ? await styles.forNew(folder, item.imageFile)
        : await styles.ofFile(here, folder);
  const path =
    source === null
      ? `${place.to}/${item.id}${extensionFor(style)}`
      : renamed(target(job, place, source, `${item.id}.png`), style);
  const { bytes, notes } = await encodeMask(mask, style);
  await putBytes(out, path, bytes);
  const gone = source !== here ? 'was not there any more: written from the project.' : undefined;
  const notice = changed(path, [gone, ...notes]);
  return notice === undefined ? [] : [notice];
}

async function writeImage(job: Job, item: ExportedCase): Promise<readonly ImportNotice[]> {
  const { out, native, layout, options } = job;
  const { id, imageFile } = item;
  if (!native) {
    const stem = `${layout.images.to}/${id}`;
    return (await putImage(out, stem, imageFile, options.link, COPIED)).notices;
  }
  const path = target(job, layout.images, imageFile, `${id}${extensionOf(imageFile)}`);
  await putCopy(out, path, imageFile, options.link);
  return [];
}

async function writeCase(job: Job, item: ExportedCase): Promise<ImportNotice[]> {
  const { layout } = job;
  const notices = [...(await writeImage(job, item))];
  const { multi } = layout;
  if (multi !== null) {
    const fresh = `${item.id}.png`;
    const pathOf = (source: string) => target(job, multi, source, fresh);
    const coding = codingOf(multi.legend, multi.kind);
    const own = item.labels.some(({ sourceFile }) => sourceFile !== null);
    return [
      ...notices,
      ...(own
        ? await putValues(job.out, pathOf, item, coding)
        : await putNewValues(job.out, `${multi.to}/${fresh}`, item, coding)),
    ];
  }
  for (const label of item.labels) {
    notices.push(...(await writeBinary(job, item, label, placeOf(job, label.structure))));
  }
  return notices;
}

/**
 * Whether the dataset's root holds the legend that the import used, so that it can be copied. Also true if
 * the masks need no legend.
 */
async function legendFits({ layout, options }: Job): Promise<boolean> {
  if (layout.multi === null) return true;
  const found = await findLegend(options.root).catch(() => null);
  if (found === null || !layout.extras.includes(basename(found.file))) return false;
  const { legend, kind } = layout.multi;
  const { entries } = found.legend;
  return found.legend.kind === kind && JSON.stringify(entries) === JSON.stringify(legend);
}

/**
 * Copies the legend, and writes the splits without the cases that were left out. If the legend was an option
 * or lay in the folder of masks, it is written to a new file in the root, because the masks mean nothing
 * without it.
 */
async function writeExtras(job: Job, written: ReadonlySet<string>): Promise<void> {
  const { multi } = job.layout;
  const fits = await legendFits(job);
  if (multi !== null && !fits) {
    const named = Object.fromEntries(multi.legend);
    const legend = multi.kind === 'values' ? named : { [multi.kind]: named };
    await putBytes(job.out, LEGEND_FILE, `${JSON.stringify(legend, null, 1)}\n`);
  }
  for (const name of job.layout.extras) {
    if (!fits && isLegendFile(name)) continue;
    const source = join(job.options.root, name);
    if (!(await isFile(source))) continue;
    const splits = name === SPLITS_FILE ? await readSplitLists(source) : null;
    if (
      splits === null ||
      Object.values(splits)
        .flat()
        .every((id) => written.has(id))
    ) {
      await putCopy(job.out, name, source);
      continue;
    }
    const kept = Object.entries(splits).map(([split, ids]) => [
      split,
      ids.filter((id) => written.has(id)),
    ]);
    await putBytes(job.out, name, `${JSON.stringify(Object.fromEntries(kept), null, 1)}\n`);
  }
}

async function readSplitLists(file: string): Promise<Record<string, string[]> | null> {
  try {
    return z
      .record(z.string(), z.array(z.string()))
      .parse(JSON.parse(await readRegular(file, 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Opens the writer for images with folders of masks.
 * @param layout the dataset's layout, or null for a dataset of another format
 */
export function openFolders(layout: FoldersLayout | null, options: WriteOptions): OpenWriter {
  return {
    foresee: (item) => foreseeFolders(layout, item),
    write: async (out, cases) => {
      const native = layout !== null;
      const own = layout ?? plainLayout(options.structures);
      const job: Job = { out, layout: own, native, options, styles: new MaskStyles() };
      const written = new Set<string>();
      const notices = await writeCases(cases, (item) => {
        written.add(item.id);
        return writeCase(job, item);
      });
      await writeExtras(job, written);
      return notices;
    },
  };
}
