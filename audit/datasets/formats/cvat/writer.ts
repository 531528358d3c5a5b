/**
 * The writer `cvat`: a corrected shape becomes a `mask` element, which stores the mask exactly and keeps
 * the shape's other attributes. Everything else in the file stays byte for byte.
 */
import { join } from 'node:path';
import type { Mask } from '../../../imaging/types.ts';
import { cvatShape, isArea, maskAttributes } from './shapes.ts';
import { escapeAttribute, parseCvat } from './xml.ts';
import type { CvatImage } from './xml.ts';
import { CvatLayout } from './reader.ts';
import { isExcluded, isKept } from '../../export/exported.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { inOrder } from '../../import/pipeline.ts';
import { IN_FLIGHT, writeCases } from '../../export/write-cases.ts';
import { portable } from '../../tree/places.ts';
import { putImage } from '../../export/put-image.ts';
import { putRest } from '../../export/unchanged-files.ts';
import { correctShapes } from '../../masks/shapes.ts';
import { spliceText } from '../../tree/splice.ts';
import type { Splice } from '../../tree/splice.ts';
import { readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, WriteOptions } from '../../types.ts';

const FILE = 'annotations.xml';
const IMAGES = 'images';

/** The splice that removes an element and the white space before it. */
function withSpace(text: string, { start, end }: { start: number; end: number }): Splice {
  let from = start;
  while (from > 0 && /\s/.test(text[from - 1])) from -= 1;
  return { start: from, end, text: '' };
}

/** Turns a shape's element into a `mask` element. The shape's other attributes and its contents stay. */
function asMask(element: string, mask: Mask): string {
  const head = /^<[^\s/>]+((?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?>)/.exec(element)!;
  const old = /\s+(points|rle|left|top|width|height)\s*=\s*("[^"]*"|'[^']*')/g;
  const kept = head[1].replaceAll(old, (_, name: string) =>
    name === 'points' || name === 'rle' ? ` ${maskAttributes(mask)}` : '',
  );
  const rest = element.slice(head[0].length).replace(/<\/[^>]+>$/, '</mask>');
  return `<mask${kept}${head[2]}${rest}`;
}

const newMask = (label: string, mask: Mask): string =>
  `<mask label="${escapeAttribute(label)}" source="manual" occluded="0" ` +
  `${maskAttributes(mask)} z_order="0">`;

/** Adds elements at the end of an image's element. */
function withAdded(element: string, added: readonly string[], indent: string, eol: string): string {
  if (added.length === 0) return element;
  const lines = added.map((one) => `${eol}${indent}  ${one}${eol}${indent}  </mask>`).join('');
  if (element.endsWith('/>')) {
    return `${element.slice(0, -2).trimEnd()}>${lines}${eol}${indent}</image>`;
  }
  const end = element.lastIndexOf('</');
  const before = element.slice(0, end).trimEnd();
  return `${before}${lines}${eol}${indent}${element.slice(end)}`;
}

/**
 * Writes the corrected labels of a case into its image's element.
 * @param indent the white space before the element
 * @returns the text of the new element
 */
async function mergedImage(
  element: string,
  indent: string,
  item: ExportedCase,
  layout: CvatLayout,
): Promise<string> {
  let image: CvatImage | null = null;
  parseCvat(element, layout.file, (found) => (image = found));
  const { shapes } = image as unknown as CvatImage;
  const drawn = shapes.flatMap((shape, place) => (isArea(shape) ? [cvatShape(shape, place)] : []));
  const edits: Splice[] = [];
  const added: string[] = [];
  for (const label of item.labels) {
    if (isKept(label)) continue;
    const own = drawn.filter(({ structure }) => structure === label.structure);
    const correction = await correctShapes(own, isExcluded(label) ? null : await label.mask());
    edits.push(...correction.removed.map((place) => withSpace(element, shapes[place])));
    for (const { place, mask } of correction.changed) {
      const { start, end } = shapes[place];
      edits.push({ start, end, text: asMask(element.slice(start, end), mask) });
    }
    const name = layout.labels[label.structure] ?? label.structure;
    added.push(...correction.added.map((mask) => newMask(name, mask)));
  }
  const eol = element.includes('\r\n') ? '\r\n' : '\n';
  return withAdded(spliceText(element, edits), added, indent, eol);
}

const indentAt = (text: string, at: number): string => /[ \t]*$/.exec(text.slice(0, at))![0];

/**
 * Writes the XML file. A corrected image gets a new element; the element of an excluded image is removed.
 * @param items by case id: the exported case, or null if nobody changed the case; lacks excluded cases
 */
async function writeAnnotations(
  out: string,
  layout: CvatLayout,
  items: ReadonlyMap<string, ExportedCase | null>,
  { root }: WriteOptions,
): Promise<void> {
  const source = join(root, layout.file);
  const text = await readText(source);
  const images: CvatImage[] = [];
  const seen = new Set<string>();
  const idOf = new Map(Object.entries(layout.cases).map(([id, { name }]) => [name, id]));
  parseCvat(text, source, (image) => {
    const id = idOf.get(image.attributes.name ?? '');
    // If two images have the same name, only the first was imported, so the second stays as it is.
    if (id === undefined || seen.has(id)) return;
    seen.add(id);
    if (items.get(id) !== null) images.push({ ...image, shapes: [] });
  });
  const edits: Splice[] = [];
  for (const image of images) {
    const item = items.get(idOf.get(image.attributes.name)!);
    if (item === undefined || item === null) {
      edits.push(withSpace(text, image));
    } else {
      const { start, end } = image;
      const indent = indentAt(text, start);
      const merged = await mergedImage(text.slice(start, end), indent, item, layout);
      edits.push({ start, end, text: merged });
    }
  }
  if (edits.length === 0) await putCopy(out, layout.file, source);
  else await putBytes(out, layout.file, spliceText(text, edits));
}

/** The labels of the task. Datumaro, which other tools use to read CVAT's files, needs this list. */
function taskLabels({ structures }: WriteOptions): string {
  const lines = structures.map(({ name }) => {
    const label = `<name>${escapeAttribute(name)}</name><attributes></attributes>`;
    return `        <label>${label}</label>\n`;
  });
  return `  <meta>\n    <task>\n      <labels>\n${lines.join('')}      </labels>\n    </task>\n  </meta>\n`;
}

/** The XML file for a dataset of another format. */
async function newAnnotations(
  items: readonly { readonly item: ExportedCase; readonly image: string }[],
  options: WriteOptions,
): Promise<string> {
  const layout: CvatLayout = { file: FILE, labels: {}, cases: {} };
  const elements: string[] = [];
  for (const [number, { item, image }] of items.entries()) {
    const name = escapeAttribute(image);
    const element = `<image id="${number}" name="${name}" width="${item.width}" height="${item.height}"/>`;
    const labels = item.labels.map((label) => ({ ...label, corrected: true }));
    elements.push(`  ${await mergedImage(element, '  ', { ...item, labels }, layout)}\n`);
  }
  const head = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n';
  return `${head}${taskLabels(options)}${elements.join('')}</annotations>\n`;
}

/** Writes a dataset of another format. */
async function writeNew(
  out: string,
  cases: AsyncIterable<ExportedCase>,
  options: WriteOptions,
): Promise<ImportNotice[]> {
  const items: { item: ExportedCase; image: string }[] = [];
  const notices: ImportNotice[] = [];
  const write = async (item: ExportedCase) => {
    const image = await putImage(out, `${IMAGES}/${item.id}`, item.imageFile, options.link);
    return { item, image };
  };
  for await (const { item, image } of inOrder(cases, IN_FLIGHT, write)) {
    notices.push(...image.notices);
    items.push({ item, image: image.path.slice(IMAGES.length + 1) });
  }
  await putBytes(out, FILE, await newAnnotations(items, options));
  return notices;
}

/** Writes a dataset that came in this format. */
async function writeOwn(
  out: string,
  layout: CvatLayout,
  cases: AsyncIterable<ExportedCase>,
  options: WriteOptions,
): Promise<ImportNotice[]> {
  const own = new Set([layout.file, ...Object.values(layout.cases).map(({ image }) => image)]);
  /** The exported cases by id; null for a case that nobody changed. */
  const items = new Map<string, ExportedCase | null>();
  const notices = await writeCases(cases, async (item) => {
    items.set(item.id, item.labels.every(isKept) ? null : item);
    const image = layout.cases[item.id]?.image ?? portable(options.root, item.imageFile);
    own.add(image);
    await putCopy(out, image, item.imageFile, options.link);
    return [];
  });
  await writeAnnotations(out, layout, items, options);
  await putRest(out, options.root, (path) => own.has(path), options.link);
  return notices;
}

export const cvatWriter: DatasetWriter = {
  holds: 'One XML with masks, to the pixel; empty labels are lost.',
  open: (given, options) => {
    if (given === null) return { write: (out, cases) => writeNew(out, cases, options) };
    const layout = CvatLayout.parse(given);
    return { write: (out, cases) => writeOwn(out, layout, cases, options) };
  },
};
