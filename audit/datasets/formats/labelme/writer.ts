/**
 * The writer `labelme`: a corrected shape becomes a shape of the type `mask` (labelme 5.3 and later),
 * which stores the mask exactly. All other shapes and fields stay byte for byte.
 */
import { join, posix } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import type { FormattingOptions, JSONPath } from 'jsonc-parser';
import { maskBounds } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';
import { encodePng } from '../../../codecs/png.ts';
import { isExcluded, isKept } from '../../export/exported.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { MASK, parseLabelme } from './file.ts';
import { LabelmeLayout } from './reader.ts';
import { changed } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { putImage } from '../../export/put-image.ts';
import { putRest } from '../../export/unchanged-files.ts';
import { correctShapes } from '../../masks/shapes.ts';
import { readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, WriteOptions } from '../../types.ts';

/** The first version of labelme with shapes of the type `mask`. */
const VERSION = '5.3.0';

/** The fields of a shape of the type `mask`. */
async function maskFields(mask: Mask): Promise<Record<string, unknown>> {
  const [left, top, right, bottom] = maskBounds(mask);
  const [width, height] = [right - left + 1, bottom - top + 1];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const start = (top + y) * mask.width + left;
    data.set(mask.data.subarray(start, start + width), y * width);
  }
  const png = await encodePng({ width, height, bits: 8, data });
  return {
    points: [
      [left, top],
      [right, bottom],
    ],
    shape_type: MASK,
    mask: png.toString('base64'),
  };
}

/** The file's own indentation and line ends. */
function formattingOf(text: string): FormattingOptions {
  const [, eol = '\n', indent = ''] = /^\s*\{(\r?\n)([ \t]*)/.exec(text) ?? [];
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length || 2,
    eol,
  };
}

interface Merged {
  readonly text: string;
  /** Whether the text has new shapes of the type `mask`. */
  readonly hasMasks: boolean;
}

/** The text of a file with its corrected labels. */
async function mergedFile(
  text: string,
  file: string,
  item: ExportedCase,
  layout: LabelmeLayout,
): Promise<Merged> {
  const formattingOptions = formattingOf(text);
  let result = text;
  const set = (path: JSONPath, value: unknown, isInsertion = false): void => {
    const options = { formattingOptions, isArrayInsertion: isInsertion };
    result = applyEdits(result, modify(result, path, value, options));
  };
  const { shapes } = parseLabelme(text, file);
  let hasMasks = false;
  const removed: number[] = [];
  const added: Record<string, unknown>[] = [];
  for (const label of item.labels) {
    if (isKept(label)) continue;
    const own = shapes.filter(({ structure }) => structure === label.structure);
    const correction = await correctShapes(own, isExcluded(label) ? null : await label.mask());
    removed.push(...correction.removed);
    hasMasks ||= correction.changed.length > 0 || correction.added.length > 0;
    for (const { place, mask } of correction.changed) {
      for (const [name, value] of Object.entries(await maskFields(mask))) {
        set(['shapes', place, name], value);
      }
    }
    for (const mask of correction.added) {
      const { points, ...fields } = await maskFields(mask);
      const name = layout.labels[label.structure] ?? label.structure;
      added.push({ label: name, points, group_id: null, description: '', flags: {}, ...fields });
    }
  }
  // Shapes are removed from the last to the first, so that the indices of the others stay valid.
  for (const place of removed.sort((a, b) => b - a)) set(['shapes', place], undefined);
  for (const shape of added) set(['shapes', -1], shape, true);
  return { text: result, hasMasks };
}

/** The text of a new file without shapes. */
function newFile(imagePath: string, { width, height }: ExportedCase): string {
  const file = {
    version: VERSION,
    flags: {},
    shapes: [],
    imagePath,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

interface Job {
  readonly out: string;
  readonly layout: LabelmeLayout;
  readonly options: WriteOptions;
  readonly done: Set<string>;
}

async function put(
  { out }: Job,
  path: string,
  { text, hasMasks }: Merged,
): Promise<ImportNotice[]> {
  await putBytes(out, path, text);
  const note = `has its corrected shapes as masks, which labelme reads from version ${VERSION} on.`;
  const notice = changed(path, [hasMasks ? note : undefined]);
  return notice === undefined ? [] : [notice];
}

async function writeNew(job: Job, item: ExportedCase): Promise<ImportNotice[]> {
  const image = await putImage(job.out, item.id, item.imageFile, job.options.link);
  const labels = item.labels.map((label) => ({ ...label, corrected: true }));
  const path = `${item.id}.json`;
  const text = newFile(posix.basename(image.path), item);
  const ofFile = await put(
    job,
    path,
    await mergedFile(text, path, { ...item, labels }, job.layout),
  );
  return [...image.notices, ...ofFile];
}

async function writeOwn(
  job: Job,
  item: ExportedCase,
  { image, file }: { image: string; file: string },
): Promise<ImportNotice[]> {
  const { out, options, done, layout } = job;
  done.add(file);
  if (image !== file) {
    done.add(image);
    await putCopy(out, image, item.imageFile, options.link);
  }
  const source = join(options.root, file);
  if (!item.labels.every(isKept)) {
    return put(job, file, await mergedFile(await readText(source), source, item, layout));
  }
  await putCopy(out, file, source);
  return [];
}

export const labelmeWriter: DatasetWriter = {
  holds: 'A JSON for each image, to the pixel; empty labels are lost.',
  open: (given, options) => {
    const layout = given === null ? { labels: {}, cases: {} } : LabelmeLayout.parse(given);
    return {
      write: async (out, cases) => {
        const job: Job = { out, layout, options, done: new Set() };
        const kept = new Set<string>();
        const notices = await writeCases(cases, (item) => {
          kept.add(item.id);
          const own = layout.cases[item.id];
          return own === undefined ? writeNew(job, item) : writeOwn(job, item, own);
        });
        if (given === null) return notices;
        for (const [id, { image, file }] of Object.entries(layout.cases)) {
          if (!kept.has(id)) [image, file].forEach((path) => job.done.add(path));
        }
        await putRest(out, options.root, (path) => job.done.has(path), options.link);
        return notices;
      },
    };
  },
};
