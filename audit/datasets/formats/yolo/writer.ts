/**
 * The writer `yolo`: the lines of corrected instances are written anew, all others stay as they are,
 * byte for byte. An outline has no hole and one part: holes are joined to it by a way there and back,
 * and each further part is a line of its own.
 */
import { join } from 'node:path';
import { stringify } from 'yaml';
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
import { readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, ForeseenLoss, WriteOptions } from '../../types.ts';
import { YoloLayout } from './layout.ts';
import { linesOf, yoloLinesOf } from './lines.ts';
import { readYoloText } from './reader.ts';

/** A label file as it will be. */
interface WrittenFile {
  readonly text: string;
  /** Instances of several parts, which become several lines. */
  readonly split: number;
}

async function merged(
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

/** A dataset of another format has no lines yet, so all labels are to be written. */
function itemOf(item: ExportedCase, isNew: boolean): ExportedCase {
  if (!isNew) return item;
  return { ...item, labels: item.labels.map((label) => ({ ...label, corrected: true })) };
}

async function textOf(layout: YoloLayout, id: string, { root }: WriteOptions): Promise<string> {
  const known = layout.cases[id];
  return known === undefined ? '' : readText(join(root, known.label));
}

/** How far what is written, read again, is from the labels. */
async function foresee(
  layout: YoloLayout,
  item: ExportedCase,
  options: WriteOptions,
): Promise<ForeseenLoss[]> {
  if (item.labels.every(isKept)) return [];
  const classes = classesOf(layout);
  const { text } = await merged(await textOf(layout, item.id, options), item, classes);
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
  // A map, so that the numbers are no text.
  const names = new Map(classes);
  await putBytes(out, 'data.yaml', stringify({ train: 'images', val: 'images', names }));
}

function layoutOf(given: unknown, { structures }: WriteOptions): YoloLayout {
  if (given !== null) return YoloLayout.parse(given);
  return { classes: structures.map(({ name }, number) => [number, name]), cases: {} };
}

/** Writes the image: as it lay, or one of another format's dataset. */
async function writeImage(
  out: string,
  { id, imageFile }: ExportedCase,
  isKnown: boolean,
  { root, link }: WriteOptions,
): Promise<PutImage> {
  if (!isKnown) return putImage(out, `images/${id}`, imageFile, link);
  const path = portable(root, imageFile);
  await putCopy(out, path, imageFile, link);
  return { path, notices: [] };
}

interface Job {
  readonly out: string;
  readonly layout: YoloLayout;
  readonly options: WriteOptions;
  /** Files written, relative to the root. */
  readonly done: Set<string>;
}

async function writeCase(job: Job, item: ExportedCase): Promise<readonly ImportNotice[]> {
  const { out, layout, options, done } = job;
  const known = layout.cases[item.id];
  const image = await writeImage(out, item, known !== undefined, options);
  const label = known?.label ?? `labels/${item.id}.txt`;
  done.add(image.path);
  if (item.labels.every(isKept)) return image.notices;
  const before = await textOf(layout, item.id, options);
  const { text, split } = await merged(before, item, classesOf(layout));
  done.add(label);
  await putBytes(out, label, text);
  const what = split === 1 ? 'an instance' : `${split} instances`;
  const note = split > 0 ? `has ${what} of several parts as a line for each part.` : undefined;
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
