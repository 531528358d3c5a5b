/**
 * The reader `nnunet` for datasets of nnU-Net's versions 1 and 2. The first channel of a case is its
 * image. A folder of predictions may replace the labels.
 */
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import { NO_IMAGE, matchMasks } from '../../masks/matching.ts';
import { casesIn, datasetJson, foldOf, setsOf } from './find.ts';
import { DATASET_FILE, NNUNET_SETS, nnunetCoding } from './layout.ts';
import type { NnunetLayout } from './layout.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetPlaces,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';
import { valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { isImageName, subfolders, walk } from '../../tree/walk.ts';

/** `labelsFrom`: a folder of label files, named like the cases, that replaces labelsTr and labelsTs. */
const NnunetOptions = z.object({ labelsFrom: z.string().optional() });

/** Cases and notices of the training set and the test set. */
interface Found {
  readonly cases: Map<string, CaseSource>;
  readonly notices: ImportNotice[];
}

async function addSet(
  root: string,
  { images: folder, labels }: NnunetLayout['sets'][number],
  labelsOf: (file: string) => LabelSource[],
  splitOf: (id: string) => string | null,
  found: Found,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { images, notices } = await casesIn(join(root, folder), signal);
  found.notices.push(...notices);
  // Only files with the name of an image can be masks. A folder of predictions also holds other files,
  // which are skipped without a notice.
  const files = (await walk(join(root, labels.from), signal)).filter(({ path }) =>
    isImageName(path),
  );
  const matching = matchMasks(files, 'mask', new Set(images.map(({ id }) => id)));
  // A folder of predictions may serve both sets. Then a file without an image in this set needs no notice,
  // because its image may be in the other set.
  const isOwn = NNUNET_SETS.some((set) => set.labels === labels.from);
  found.notices.push(...matching.notices.filter(({ reason }) => isOwn || reason !== NO_IMAGE));
  for (const { id, path } of images) {
    const mask = matching.matched.get(id);
    if (mask === undefined) {
      found.notices.push(leftOut(path, 'has no label file of its name.'));
    } else if (found.cases.has(id)) {
      found.notices.push(leftOut(path, 'has the same name as a case of imagesTr.'));
    } else {
      found.cases.set(id, caseOf(id, path, labelsOf(mask.path), splitOf(id)));
    }
  }
}

async function open(
  source: string,
  options: Readonly<Record<string, unknown>>,
  { signal }: Looking = {},
): Promise<DatasetListing> {
  const { labelsFrom } = checkedOptions(NnunetOptions, options);
  const root = resolve(source);
  const described = await datasetJson(root);
  if (described === null) throw new UserError(`${root} has no ${DATASET_FILE}: add nnU-Net's own.`);
  const file = join(root, DATASET_FILE);
  const structures = nnunetCoding(file, described.labels);
  const { sets, notices } = await setsOf(root, labelsFrom && resolve(labelsFrom));
  const folds = await foldOf(root);
  const found: Found = { cases: new Map(), notices: [...notices, ...folds.notices] };
  const cache = new RecentFiles<ReadValues>();
  const labelsOf = (label: string) =>
    valueLabels(label, structures, cache, { legend: DATASET_FILE });
  const hasTest = sets.some(({ images }) => images === 'imagesTs');
  for (const set of sets) {
    const isTest = set.images === 'imagesTs';
    const splitOf = (id: string) =>
      isTest ? 'test' : (folds.of.get(id) ?? (hasTest ? 'train' : null));
    await addSet(root, set, labelsOf, splitOf, found, signal);
  }
  if (found.cases.size === 0) {
    throw new UserError(
      `${root} has no image in imagesTr or imagesTs with a label file of its name: ` +
        'images are called case_0000, labels case.',
    );
  }
  const layout: NnunetLayout = { sets, structures };
  const places: DatasetPlaces = {
    images: join(root, sets[0].images),
    structures: structures.map(({ structure, values }) => ({
      structure,
      folder: join(root, sets[0].labels.from),
      coded: values.length === 1 ? { kind: 'values', number: values[0] } : null,
    })),
  };
  return listingOf({
    root,
    folders: [root, ...(labelsFrom === undefined ? [] : [resolve(labelsFrom)])],
    structures: structures.map(({ structure }) => structure),
    notices: found.notices,
    cases: [...found.cases.values()],
    places,
    layout,
  });
}

/** The reader `nnunet`; its options are `NnunetOptions`. */
export const nnunetReader: DatasetReader = {
  options: ['labelsFrom'],
  looksFor: 'nnU-Net’s dataset.json beside imagesTr and labelsTr',
  guess: async (source) => {
    const root = resolve(source);
    const names = await subfolders(root).catch(() => [] as string[]);
    if (!NNUNET_SETS.some(({ images }) => names.includes(images))) return null;
    const described = await datasetJson(root).catch(() => null);
    if (described === null) return null;
    return { confidence: 0.95, because: `it has nnU-Net’s ${DATASET_FILE} and folders` };
  },
  open,
};
