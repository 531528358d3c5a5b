/** The reader `labelme`: images and labelme's JSON files anywhere below one folder. */
import { posix, resolve } from 'node:path';
import { z } from 'zod';
import { caseOf } from '../../import/case.ts';
import { UnreadableFile } from '../../../codecs/index.ts';
import { readLabelme } from './file.ts';
import type { LabelmeFile } from './file.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { EXPORT_RECORD } from '../../export/unchanged-files.ts';
import { shapeLabels } from '../../masks/shapes.ts';
import { ImageFinder } from '../../tree/image-names.ts';
import { Steps } from '../../import/steps.ts';
import { orderStructures } from '../../tree/structures.ts';
import { readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { isImageName, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** At most this many JSON files are read to recognise the format. */
const LOOKED_AT = 3;

export const LabelmeLayout = z.object({
  /** Structure → its label in the files. */
  labels: z.record(z.string(), z.string()),
  /**
   * Case → the paths of its image and its JSON file, relative to the root, with `/`. Both paths are the
   * same if the image comes from the JSON file.
   */
  cases: z.record(z.string(), z.object({ image: z.string(), file: z.string() })),
});
export type LabelmeLayout = z.infer<typeof LabelmeLayout>;

/** Whether a file may be a labelme file: any JSON file except the record of an Overread export. */
const isShapeFile = ({ relative: path }: FoundFile): boolean =>
  /\.json$/i.test(path) && path !== EXPORT_RECORD;

/** The images of a dataset, and the ids of its JSON files. */
interface Images {
  readonly byPath: ReadonlyMap<string, string>;
  readonly byId: ReadonlyMap<string, string>;
  readonly finder: ImageFinder;
  readonly shapeIds: ReadonlySet<string>;
}

/** The image of this name elsewhere, if no other JSON file lies beside it; else null. */
function imageElsewhere(
  path: string,
  stated: string | null | undefined,
  { finder, shapeIds }: Images,
): string | null {
  if (!stated) return null;
  const { file } = finder.find(stated, { folder: posix.dirname(path), split: null });
  return file === null || shapeIds.has(file.id) ? null : file.relative;
}

/**
 * The image of a JSON file: the image that it names, else the image beside it with the same name, else
 * the JSON file itself if it contains an image, else an image of that name elsewhere. Null if there is none.
 */
function imageOf(
  { relative: path, id }: FoundFile,
  file: LabelmeFile,
  images: Images,
): string | null {
  // On Windows, labelme writes paths with backslashes.
  const stated = file.imagePath?.replaceAll('\\', '/');
  const image = stated && images.byPath.get(posix.join(posix.dirname(path), stated));
  const beside = image ?? images.byId.get(id) ?? (file.carriesImage ? path : null);
  return beside ?? imageElsewhere(path, stated, images);
}

function problemsOf(file: string, { problems }: LabelmeFile): ImportNotice[] {
  return [...new Set(problems)].map((problem) => {
    const count = problems.filter((one) => one === problem).length;
    const times = count > 1 ? ` (${count} times)` : '';
    return leftOut(file, `has ${problem}${times}, which cannot be drawn.`);
  });
}

async function open(
  source: string,
  _options: unknown,
  looking: Looking = {},
): Promise<DatasetListing> {
  const root = resolve(source);
  const files = await walk(root, looking.signal);
  const found = files.filter(({ relative: path }) => isImageName(path));
  const layout: LabelmeLayout = { labels: {}, cases: {} };
  const notices: ImportNotice[] = [];
  const cases: CaseSource[] = [];
  const cache = new RecentFiles<LabelmeFile>();
  const taken = new Map<string, string>();
  const shapeFiles = files.filter(isShapeFile);
  const images: Images = {
    byPath: new Map(found.map(({ relative: path }) => [path, path])),
    byId: new Map(found.map(({ relative: path, id }) => [id, path])),
    finder: new ImageFinder(files),
    shapeIds: new Set(shapeFiles.map(({ id }) => id)),
  };
  const steps = new Steps(shapeFiles.length, looking);
  for (const entry of shapeFiles) {
    const { path, relative: own, id } = entry;
    const file = await readLabelme(path).catch((error: unknown) => {
      if (!(error instanceof UnreadableFile)) throw error;
      notices.push(leftOut(path, error.problem));
      return null;
    });
    await steps.take();
    if (file === null) continue;
    notices.push(...problemsOf(path, file));
    const image = imageOf(entry, file, images);
    const other = image === null ? undefined : taken.get(image);
    if (image === null) {
      notices.push(leftOut(path, 'has no image: put it beside the file.'));
    } else if (other !== undefined) {
      notices.push(leftOut(path, `is for the same image as ${other}, which was taken.`));
    } else if (file.shapes.length === 0) {
      notices.push(leftOut(path, 'has no shape of any structure.'));
    } else {
      taken.set(image, own);
      for (const [structure, label] of file.labels) layout.labels[structure] ??= label;
      layout.cases[id] = { image, file: own };
      const labels = shapeLabels(path, [...file.labels.keys()], () =>
        cache.read(path, readLabelme),
      );
      cases.push(caseOf(id, resolve(root, image), labels, null));
    }
  }
  const structures = orderStructures(Object.keys(layout.labels));
  return listingOf({ root, structures, notices, cases, layout }, `${root} has no labelme file.`);
}

/** What a file of labelme that is no valid JSON begins with, as far as labelme writes it. */
const LIKELY = /^\s*\{[\s\S]*"shapes"\s*:\s*\[/;

/** The sentence for a folder in which the files of labelme cannot be read, or null if it has none. */
async function nearlyLabelme(root: string): Promise<string | null> {
  for (const { path } of (await walk(root)).filter(isShapeFile).slice(0, LOOKED_AT)) {
    const text = await readText(path).catch(() => '');
    if (!LIKELY.test(text)) continue;
    const problem = await readLabelme(path).then(
      () => 'names no image (“imagePath”), and holds none: save it again with labelme.',
      (error: unknown) => (error instanceof UnreadableFile ? error.problem : null),
    );
    if (problem !== null) return `${path} ${problem}`;
  }
  return null;
}

/** The reader `labelme`; it has no options. */
export const labelmeReader: DatasetReader = {
  looksFor: 'images with a file of labelme (JSON) beside each',
  guess: async (source, { signal } = {}) => {
    const files = (await walk(resolve(source), signal).catch(() => [])).filter(isShapeFile);
    for (const { path, relative: own } of files.slice(0, LOOKED_AT)) {
      const file = await readLabelme(path).catch(() => null);
      const says = file !== null && (file.imagePath !== null || file.carriesImage);
      if (says) return { confidence: 0.9, because: `it has files of labelme (${own})` };
    }
    return null;
  },
  nearly: (source) => nearlyLabelme(resolve(source)),
  open,
};
