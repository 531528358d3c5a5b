/**
 * The reader `voc`. The value 255 (void) in a mask belongs to no structure. The names of the classes come
 * from `labelmap.txt`, which CVAT and Datumaro write (a line per class, the background first), or else
 * from the challenge.
 */
import { readFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { UnreadableFile } from '../../../codecs/index.ts';
import { codingOf } from '../../masks/coding.ts';
import { legendOf } from '../../masks/legend.ts';
import type { Legend } from '../../masks/legend.ts';
import { imagesOf, matchMasks } from '../../masks/matching.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { Steps } from '../../import/steps.ts';
import { portable } from '../../tree/places.ts';
import { structureNameOf } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { distinct } from '../../masks/masks.ts';
import { readValues, valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { CLASSES, IMAGES, IMAGE_SETS, LABEL_MAP, VOC_CLASSES, VOID } from './layout.ts';
import type { VocLayout } from './layout.ts';
import { subfolders, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** How many folders deep the dataset is searched; `VOCdevkit/VOC2012` is two. */
const DEPTH = 2;
/**
 * Lists in `ImageSets` that contain the cases of other lists. A case's split is the name of one of the
 * other lists, if one names the case.
 */
const WHOLE_SETS = /^(trainval|default|all)$/i;

/**
 * The folder that contains VOC's folders of images and masks, or null if there is none. It is `folder`
 * itself, or lies below it in folders whose names begin with “voc”.
 */
async function findBase(folder: string, depth = DEPTH): Promise<string | null> {
  const names = await subfolders(folder);
  if (names.includes(IMAGES) && names.includes(CLASSES)) return folder;
  if (depth === 0) return null;
  for (const name of names.filter((candidate) => /^voc/i.test(candidate))) {
    const found = await findBase(join(folder, name), depth - 1);
    if (found !== null) return found;
  }
  return null;
}

/**
 * The classes in `labelmap.txt`, or null if there is no such file.
 * @throws UserError when the file cannot be used.
 */
async function labelMap(base: string): Promise<Legend['entries'] | null> {
  const file = join(base, LABEL_MAP);
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null) return null;
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const names = lines.map((line) => structureNameOf(line.split(':')[0]));
  // The first class is the background, whatever its name, so it is no structure.
  return legendOf(Object.fromEntries(names.slice(1).map((name, i) => [i + 1, name])), file).entries;
}

/** The classes of the challenge that occur in the masks. */
async function classesInUse(
  masks: readonly FoundFile[],
  looking: Looking,
): Promise<Legend['entries']> {
  const used = new Set<number>();
  const steps = new Steps(masks.length, looking);
  for (const { path } of masks) {
    await steps.take();
    try {
      for (const value of distinct((await readValues(path)).values.data)) used.add(value);
    } catch (error) {
      // An unreadable file is skipped here, because the import gives a notice of it when it reads the case.
      if (!(error instanceof UnreadableFile)) throw error;
    }
  }
  return VOC_CLASSES.map((name, i) => [i + 1, name] as const).filter(([value]) => used.has(value));
}

/** The split of each case, from the lists in `ImageSets`. */
async function readSets(base: string): Promise<Map<string, string>> {
  const folder = join(base, IMAGE_SETS, 'Segmentation');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.txt$/i.test(name));
  const of = new Map<string, string>();
  const whole = (name: string) => Number(WHOLE_SETS.test(basename(name, '.txt')));
  for (const name of names.sort((a, b) => whole(b) - whole(a) || (a < b ? -1 : 1))) {
    const lines = (await readFile(join(folder, name), 'utf8')).split(/\r?\n/);
    for (const line of lines) {
      const id = line.trim().split(/\s+/)[0].normalize('NFC');
      if (id !== '') of.set(id, basename(name, '.txt'));
    }
  }
  return of;
}

async function open(
  source: string,
  _options: unknown,
  looking: Looking = {},
): Promise<DatasetListing> {
  const { signal } = looking;
  const root = resolve(source);
  const base = await findBase(root);
  if (base === null) {
    throw new UserError(`${root} has no folders “${IMAGES}” and “${CLASSES}”: name their folder.`);
  }
  const { images, notices } = imagesOf(await walk(join(base, IMAGES), signal));
  const files = await walk(join(base, CLASSES), signal);
  const matched = matchMasks(files, 'mask', new Set(images.map(({ id }) => id)));
  const all: ImportNotice[] = [...notices, ...matched.notices];
  const legend =
    (await labelMap(base)) ?? (await classesInUse([...matched.matched.values()], looking));
  if (legend.length === 0) {
    throw new UserError(`${join(base, CLASSES)} has no mask that holds a class: check its masks.`);
  }
  const coding = codingOf(legend, 'values');
  const sets = await readSets(base);
  const cache = new RecentFiles<ReadValues>();
  const layout: VocLayout = {
    base: portable(root, base),
    legend: legend.map(([value, name]) => [value, name]),
    cases: {},
  };
  const cases: CaseSource[] = [];
  for (const { id, path } of images) {
    const mask = matched.matched.get(id);
    if (mask === undefined) {
      all.push(leftOut(path, 'has no mask.'));
      continue;
    }
    const labels = valueLabels(mask.path, coding, cache, { unlabelled: [VOID] });
    layout.cases[id] = {
      image: portable(root, path),
      mask: portable(root, mask.path),
    };
    cases.push(caseOf(id, path, labels, sets.get(id) ?? null));
  }
  return listingOf(
    { root, structures: legend.map(([, name]) => name), notices: all, cases, layout },
    `${join(base, IMAGES)} has no image with a mask.`,
  );
}

/** The reader `voc`; it has no options. */
export const vocReader: DatasetReader = {
  looksFor: `the folders “${IMAGES}” and “${CLASSES}” of PASCAL VOC`,
  guess: async (source) => {
    const base = await findBase(resolve(source)).catch(() => null);
    if (base === null) return null;
    return { confidence: 0.95, because: `it has the folders ${IMAGES} and ${CLASSES}` };
  },
  open,
};
