/**
 * The reader `voc`. The value 255 (void) in a mask belongs to no structure. The names of the classes come
 * from a file beside the folders (`classes.ts`), or else from the challenge.
 */
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import { readRegular } from '../../../regular.ts';
import { caseOf } from '../../import/case.ts';
import { UnreadableFile } from '../../../codecs/index.ts';
import { codingOf } from '../../masks/coding.ts';
import { imagesOf, matchMasks } from '../../masks/matching.ts';
import { listingOf } from '../../import/listing.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { Steps } from '../../import/steps.ts';
import { portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { distinct } from '../../masks/masks.ts';
import { valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { namedClasses } from './classes.ts';
import type { VocClasses } from './classes.ts';
import { readVocValues } from './colours.ts';
import {
  CLASSES,
  CLASSES_PNG,
  IMAGES,
  IMAGE_SETS,
  LABEL_MAP,
  VOC_CLASSES,
  VOID,
} from './layout.ts';
import type { VocLayout } from './layout.ts';
import { isImageName, subfolders, walk } from '../../tree/walk.ts';
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
  const hasMasks = names.includes(CLASSES) || names.includes(CLASSES_PNG);
  if (names.includes(IMAGES) && hasMasks) return folder;
  if (depth === 0) return null;
  for (const name of names.filter((candidate) => /^voc/i.test(candidate))) {
    const found = await findBase(join(folder, name), depth - 1);
    if (found !== null) return found;
  }
  return null;
}

/** The folder of the masks: the usual one, unless it holds other files and the one of older tools is there. */
async function classesFolder(base: string): Promise<string> {
  const names = await subfolders(base);
  if (!names.includes(CLASSES_PNG)) return join(base, CLASSES);
  const usual = names.includes(CLASSES) ? await walk(join(base, CLASSES)) : [];
  const hasMasks = usual.some(({ relative }) => isImageName(relative));
  return join(base, hasMasks ? CLASSES : CLASSES_PNG);
}

/** The sentence for VOC's masks without their images, as CVAT exports them; null if it is not so. */
async function withoutImages(root: string): Promise<string | null> {
  const names = await subfolders(root);
  return names.includes(CLASSES) && !names.includes(IMAGES)
    ? `${root} has masks of PASCAL VOC in “${CLASSES}”, but no folder “${IMAGES}”: put the images there, ` +
        'or export the task with its images.'
    : null;
}

const GUESSED =
  'has no file that names its classes: the names are those of the PASCAL VOC challenge. ' +
  `If they are others, name them in ${LABEL_MAP}.`;

/** The classes of the challenge. */
const CHALLENGE: VocClasses = {
  legend: VOC_CLASSES.map((name, i) => [i + 1, name]),
  colours: null,
};

/** The classes of the challenge that occur in the masks. */
async function classesInUse(masks: readonly FoundFile[], looking: Looking): Promise<VocClasses> {
  const used = new Set<number>();
  const steps = new Steps(masks.length, looking);
  for (const { path } of masks) {
    await steps.take();
    try {
      for (const value of distinct((await readVocValues(path, CHALLENGE)).values.data))
        used.add(value);
    } catch (error) {
      // An unreadable file is skipped here, because the import gives a notice of it when it reads the case.
      if (!(error instanceof UnreadableFile)) throw error;
    }
  }
  return { ...CHALLENGE, legend: CHALLENGE.legend.filter(([value]) => used.has(value)) };
}

/** The split of each case, from the lists in `ImageSets`. */
async function readSets(base: string): Promise<Map<string, string>> {
  const folder = join(base, IMAGE_SETS, 'Segmentation');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.txt$/i.test(name));
  const of = new Map<string, string>();
  const whole = (name: string) => Number(WHOLE_SETS.test(basename(name, '.txt')));
  for (const name of names.sort((a, b) => whole(b) - whole(a) || (a < b ? -1 : 1))) {
    const lines = (await readRegular(join(folder, name), 'utf8')).split(/\r?\n/);
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
  const folder = await classesFolder(base);
  const files = await walk(folder, signal);
  const matched = matchMasks(files, 'mask', new Set(images.map(({ id }) => id)));
  const all: ImportNotice[] = [...notices, ...matched.notices];
  const named = await namedClasses(base);
  const classes = named?.classes ?? (await classesInUse([...matched.matched.values()], looking));
  const { legend, colours } = classes;
  if (legend.length === 0) {
    throw new UserError(
      `${folder} has no mask that holds a class of the challenge: name the classes in ${join(base, LABEL_MAP)}.`,
    );
  }
  all.push(...(named?.notices ?? [changed(folder, [GUESSED]) ?? []].flat()));
  const coding = codingOf(legend, 'values');
  const sets = await readSets(base);
  const cache = new RecentFiles<ReadValues>();
  const layout: VocLayout = {
    base: portable(root, base),
    legend: legend.map(([value, name]) => [value, name]),
    ...(colours && { colours: [...colours] }),
    cases: {},
  };
  const cases: CaseSource[] = [];
  for (const { id, path } of images) {
    const mask = matched.matched.get(id);
    if (mask === undefined) {
      all.push(leftOut(path, 'has no mask.'));
      continue;
    }
    const labels = valueLabels(mask.path, coding, cache, {
      unlabelled: [VOID, ...(classes.background ?? [])],
      read: (file) => readVocValues(file, classes),
    });
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
    const folder = basename(await classesFolder(base));
    return { confidence: 0.95, because: `it has the folders ${IMAGES} and ${folder}` };
  },
  nearly: (source) => withoutImages(resolve(source)),
  open,
};
