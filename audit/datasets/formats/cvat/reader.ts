/** The reader `cvat`: an XML file of “CVAT for images 1.1” with its images. */
import { open as openFile, readdir } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { counted, plural } from '../../../contract/words.ts';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { cvatShape, isArea, structureOf } from './shapes.ts';
import { parseCvat, readCvat } from './xml.ts';
import type { CvatImage, CvatShape } from './xml.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { freeId } from '../../tree/case-names.ts';
import { ImageFinder } from '../../tree/image-names.ts';
import type { ImageFound } from '../../tree/image-names.ts';
import { shapeLabels } from '../../masks/shapes.ts';
import type { DrawnShapes } from '../../masks/shapes.ts';
import { Steps } from '../../import/steps.ts';
import { orderStructures } from '../../tree/structures.ts';
import { readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { isImageName, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** The number of bytes that are read to recognise a file. The root element must begin within them. */
const HEAD = 4096;

export const CvatLayout = z.object({
  /** The XML file, relative to the root. */
  file: z.string(),
  /** Structure → name of its label in the file. */
  labels: z.record(z.string(), z.string()),
  /** Case → its image's name in the XML file, and its image's path relative to the root, with `/`. */
  cases: z.record(z.string(), z.object({ name: z.string(), image: z.string() })),
});
export type CvatLayout = z.infer<typeof CvatLayout>;

async function isCvat(file: string): Promise<boolean> {
  const handle = await openFile(file, 'r').catch(() => null);
  if (handle === null) return false;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return /<annotations[\s>]/.test(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}

/** The annotation files directly in a folder. `annotations.xml`, CVAT's own name, comes first. */
async function annotationFiles(root: string): Promise<string[]> {
  const names = (await readdir(root).catch(() => [] as string[])).filter((name) =>
    /\.xml$/i.test(name),
  );
  const found: string[] = [];
  for (const name of names.sort()) if (await isCvat(join(root, name))) found.push(name);
  return found.sort((a, b) => Number(b === 'annotations.xml') - Number(a === 'annotations.xml'));
}

/**
 * Returns a function that finds an image by its name: at CVAT's usual places, or as every reader does, or
 * anywhere in the dataset if only one image has the name.
 */
function imageFinder(files: readonly FoundFile[]) {
  const all = new Map(files.map((file) => [file.relative, file]));
  const finder = new ImageFinder(files);
  return (name: string, subset: string | undefined): ImageFound => {
    const places = [`images/${subset}/${name}`, `images/${name}`, name, `${subset}/${name}`];
    const place = places.find((one) => isImageName(one) && all.has(one));
    if (place !== undefined) return { file: all.get(place)! };
    const nearby = { folder: '', split: subset?.toLowerCase() ?? null };
    const found = finder.find(name, nearby);
    if (found.file !== null) return found;
    const loose = finder.find(basename(name), nearby);
    return loose.file === null ? found : loose;
  };
}

function drawnShapes({ attributes, shapes }: CvatImage): DrawnShapes {
  const [width, height] = [Number(attributes.width), Number(attributes.height)];
  const drawn = shapes.flatMap((shape, place) => (isArea(shape) ? [cvatShape(shape, place)] : []));
  return { size: width > 0 && height > 0 ? { width, height } : null, shapes: drawn };
}

/** One notice for each type of shape that is not read. */
function otherShapes(file: string, counts: ReadonlyMap<string, number>): ImportNotice[] {
  return [...counts].map(([type, count]) => {
    const shapes = counted(count, 'shape');
    return leftOut(
      file,
      `has ${shapes} of the type “${type}”, which ${plural(count, 'is', 'are')} not read: Overread reads only polygons and masks.`,
    );
  });
}

async function open(
  source: string,
  _options: unknown,
  looking: Looking = {},
): Promise<DatasetListing> {
  const root = resolve(source);
  const [own, ...others] = await annotationFiles(root);
  if (own === undefined) {
    throw new UserError(`${root} has no annotations.xml of CVAT: export “CVAT for images 1.1”.`);
  }
  const file = join(root, own);
  const notices: ImportNotice[] = [];
  const text = await readText(file);
  const imageOf = imageFinder(await walk(root, looking.signal));
  const layout: CvatLayout = { file: own, labels: {}, cases: {} };
  const cases: CaseSource[] = [];
  const counts = new Map<string, number>();
  const taken = new Set<string>();
  const cache = new RecentFiles<DrawnShapes>();
  const addImage = (image: CvatImage): void => {
    const { name = '', subset } = image.attributes;
    for (const { type } of image.shapes.filter((shape) => !isArea(shape))) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    const areas = image.shapes.filter((shape) => isArea(shape) && shape.attributes.label);
    const found = imageOf(name, subset);
    if (found.file === null) {
      notices.push(leftOut(file, found.problem));
      return;
    }
    const path = found.file.relative;
    if (areas.length === 0 || taken.has(path)) {
      const why = taken.has(path)
        ? 'is in the annotations twice: the first was taken.'
        : 'has no outline.';
      notices.push(leftOut(join(root, path), why));
      return;
    }
    taken.add(path);
    const id = freeId(path.replace(/^images\//, ''), (other) => layout.cases[other] !== undefined);
    noteLabels(layout, areas);
    layout.cases[id] = { name, image: path };
    const structures = [...new Set(areas.map(structureOf))];
    const { start, end } = image;
    const read = () => cache.read(id, async () => shapesAt(text, file, start, end));
    const labels = shapeLabels(file, structures, read);
    cases.push(caseOf(id, join(root, path), labels, subset ?? null));
  };
  let tracks = 0;
  await readCvat(text, file, new Steps(text.length, looking), addImage, () => (tracks += 1));
  if (tracks > 0) {
    notices.push(
      leftOut(
        file,
        `has ${counted(tracks, 'track')} of a video, which ${plural(tracks, 'is', 'are')} not read: export the job as “CVAT for images 1.1”.`,
      ),
    );
  }
  notices.push(...otherShapes(file, counts));
  // These notices go last: if nothing could be read, the first notice becomes the error's message.
  for (const name of others) {
    notices.push(leftOut(join(root, name), `is a second CVAT file: ${own} was taken.`));
  }
  const structures = orderStructures(Object.keys(layout.labels));
  return listingOf(
    { root, structures, notices, cases, layout },
    `${file} has no image with an outline that could be read: check it.`,
  );
}

function noteLabels({ labels }: CvatLayout, areas: readonly CvatShape[]): void {
  for (const shape of areas) labels[structureOf(shape)] ??= shape.attributes.label;
}

/**
 * Parses the shapes of one image again. They were not kept, because the shapes of all images may need too
 * much memory.
 */
function shapesAt(text: string, file: string, start: number, end: number): DrawnShapes {
  let shapes: DrawnShapes = { size: null, shapes: [] };
  parseCvat(text.slice(start, end), file, (image) => (shapes = drawnShapes(image)));
  return shapes;
}

/** The reader `cvat`; it has no options. */
export const cvatReader: DatasetReader = {
  looksFor: 'annotations.xml of “CVAT for images 1.1” beside the images',
  guess: async (source) => {
    const root = resolve(source);
    const [own] = await annotationFiles(root);
    if (own === undefined) return null;
    const because = `it has the annotations of CVAT (${relative(root, join(root, own))})`;
    return { confidence: 0.95, because };
  },
  open,
};
