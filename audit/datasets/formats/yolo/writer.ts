/**
 * The writer `yolo`: rewrites the lines of corrected instances; all other lines stay byte for byte. A
 * YOLO outline has one part and no holes. So a bridge there and back joins a hole to its outline (see
 * `imaging/trace.ts`), and each further part of an instance becomes a line of its own in the file.
 */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { counted } from '../../../contract/words.ts';
import { differingPixels, emptyMask } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';
import { isExcluded, isKept } from '../../export/exported.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { changed } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { portable } from '../../tree/places.ts';
import { putImage } from '../../export/put-image.ts';
import type { PutImage } from '../../export/put-image.ts';
import { putRest } from '../../export/unchanged-files.ts';
import { correctShapes } from '../../masks/shapes.ts';
import { linesOf, readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, ForeseenLoss, WriteOptions } from '../../types.ts';
import { YoloLayout } from './layout.ts';
import { yoloLinesOf } from './lines.ts';
import { readYoloText } from './reader.ts';

/** The new text of a label file. */
interface WrittenFile {
  readonly text: string;
  /** Number of instances that became several lines. */
  readonly split: number;
}

async function mergedFile(
  text: string,
  item: ExportedCase,
  classes: ReadonlyMap<number, string>,
): Promise<WrittenFile> {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = linesOf(text);
  const last = lines.length - 1;
  const { shapes } = readYoloText(text, classes);
  const numberOf = new Map([...classes].map(([number, structure]) => [structure, number]));
  let split = 0;
  const written = (structure: string, mask: Mask): string => {
    const own = yoloLinesOf(numberOf.get(structure)!, mask);
    if (own.length > 1) split += 1;
    return own.map((line) => `${line}${end}`).join('');
  };
  for (const label of item.labels) {
    if (isKept(label) || !numberOf.has(label.structure)) continue;
    const own = shapes.filter(({ structure }) => structure === label.structure);
    const now = isExcluded(label) ? null : await label.mask();
    const correction = await correctShapes(own, now);
    for (const place of correction.removed) lines[place] = '';
    for (const { place, mask } of correction.changed) lines[place] = written(label.structure, mask);
    for (const mask of correction.added) {
      if (last >= 0 && lines[last] !== '' && !lines[last].endsWith('\n')) lines[last] += end;
      lines.push(written(label.structure, mask));
    }
  }
  return { text: lines.join(''), split };
}

const classesOf = (layout: YoloLayout): ReadonlyMap<number, string> => new Map(layout.classes);

/** Marks all labels of a dataset of another format as corrected, so that all of them are written. */
function itemOf(item: ExportedCase, isNew: boolean): ExportedCase {
  if (!isNew) return item;
  return { ...item, labels: item.labels.map((label) => ({ ...label, corrected: true })) };
}

async function textOf(layout: YoloLayout, id: string, { root }: WriteOptions): Promise<string> {
  const own = layout.cases[id];
  return own === undefined ? '' : readText(join(root, own.label));
}

/**
 * Foresees the losses of a case: draws the lines that would be written, and compares them with the
 * labels.
 */
async function foresee(
  layout: YoloLayout,
  item: ExportedCase,
  options: WriteOptions,
): Promise<ForeseenLoss[]> {
  if (item.labels.every(isKept)) return [];
  const classes = classesOf(layout);
  const { text } = await mergedFile(await textOf(layout, item.id, options), item, classes);
  const { shapes } = readYoloText(text, classes);
  const losses: ForeseenLoss[] = [];
  for (const label of item.labels) {
    if (isKept(label) || isExcluded(label)) continue;
    const mask = await label.mask();
    if (mask === null) continue;
    const again = emptyMask(mask.width, mask.height);
    for (const shape of shapes) if (shape.structure === label.structure) await shape.draw(again);
    const pixels = differingPixels(again, mask);
    if (pixels > 0) losses.push({ case: item.id, structure: label.structure, pixels });
  }
  return losses;
}

async function writeDataFile(out: string, { classes }: YoloLayout): Promise<void> {
  // A map, because the class numbers as keys of an object would be written as text.
  const names = new Map(classes);
  await putBytes(out, 'data.yaml', stringify({ train: 'images', val: 'images', names }));
}

function layoutOf(given: unknown, { structures }: WriteOptions): YoloLayout {
  if (given !== null) return YoloLayout.parse(given);
  return { classes: structures.map(({ name }, number) => [number, name]), cases: {} };
}

/** Writes the image: to its own path, or to `images/` for a dataset of another format. */
async function writeImage(
  out: string,
  { id, imageFile }: ExportedCase,
  isOwn: boolean,
  { root, link }: WriteOptions,
): Promise<PutImage> {
  if (!isOwn) return putImage(out, `images/${id}`, imageFile, link);
  const path = portable(root, imageFile);
  await putCopy(out, path, imageFile, link);
  return { path, notices: [] };
}

interface Job {
  readonly out: string;
  readonly layout: YoloLayout;
  readonly options: WriteOptions;
  /**
   * Paths, relative to the root, of files that are written or belong to cases that are left out. All
   * other files of the dataset are copied.
   */
  readonly done: Set<string>;
}

async function writeCase(job: Job, item: ExportedCase): Promise<readonly ImportNotice[]> {
  const { out, layout, options, done } = job;
  const own = layout.cases[item.id];
  const image = await writeImage(out, item, own !== undefined, options);
  const label = own?.label ?? `labels/${item.id}.txt`;
  done.add(image.path);
  if (item.labels.every(isKept)) return image.notices;
  const before = await textOf(layout, item.id, options);
  const { text, split } = await mergedFile(before, item, classesOf(layout));
  done.add(label);
  await putBytes(out, label, text);
  const instances = counted(split, 'instance');
  const note = split > 0 ? `has ${instances} of several parts as a line for each part.` : undefined;
  const notice = changed(label, [note]);
  return notice === undefined ? image.notices : [...image.notices, notice];
}

export const yoloWriter: DatasetWriter = {
  holds: 'Outlines, a line for each part, holes joined to them; empty labels are lost.',
  open: (given, options) => {
    const layout = layoutOf(given, options);
    return {
      foresee: (item) => foresee(layout, itemOf(item, given === null), options),
      write: async (out, cases) => {
        const job: Job = { out, layout, options, done: new Set() };
        const kept = new Set<string>();
        const notices = await writeCases(cases, (item) => {
          kept.add(item.id);
          return writeCase(job, itemOf(item, given === null));
        });
        if (given === null) {
          await writeDataFile(out, layout);
          return notices;
        }
        for (const [id, { image, label }] of Object.entries(layout.cases)) {
          if (!kept.has(id)) [image, label].forEach((path) => job.done.add(path));
        }
        await putRest(out, options.root, (path) => job.done.has(path), options.link);
        return notices;
      },
    };
  },
};
