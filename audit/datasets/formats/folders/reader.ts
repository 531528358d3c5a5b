/** The reader `folders`: images in one folder, masks in other folders, matched by file name. */
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import { FoldersOptions, imagesAlone, planFolders, recogniseFolders } from './find.ts';
import type { FoldersPlan } from './find.ts';
import { imagesOf } from '../../masks/matching.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { readSplits } from '../../tree/splits.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetPlaces,
  DatasetReader,
  Looking,
} from '../../types.ts';
import { matchFolders } from '../../masks/match-folders.ts';
import { walk } from '../../tree/walk.ts';

async function open(
  source: string,
  options: Readonly<Record<string, unknown>>,
  { signal }: Looking = {},
): Promise<DatasetListing> {
  const given = checkedOptions(FoldersOptions, options);
  const plan = await planFolders(source, given, signal);
  const isCase = given.unlabelled === true || (given.structures ?? []).length > 0;
  const { root, layout } = plan;
  const imageFolder = join(root, layout.images.from);
  const { images, notices } = imagesOf(await walk(imageFolder, signal));
  if (images.length === 0) {
    throw new UserError(`${imageFolder} has no image in it: name the folder of the radiographs.`);
  }
  const matched = await matchFolders(plan, new Set(images.map(({ id }) => id)), signal);
  const splits = await readSplits(root);
  const all = [...plan.notices, ...splits.notices, ...notices, ...matched.notices];
  const cases: CaseSource[] = [];
  for (const { id, path } of images) {
    const labels = matched.labels.get(id)!;
    if (labels.length === 0 && !isCase) {
      all.push(leftOut(path, 'has no mask of any structure.'));
    } else {
      cases.push(caseOf(id, path, labels, splits.of.get(id) ?? null));
    }
  }
  const { folders } = plan;
  const { structures } = matched;
  return listingOf(
    { root, folders, structures, notices: all, cases, places: placesOf(plan), layout },
    `${root} has no mask of any image.`,
  );
}

/** The folders of the plan, also those without usable masks: a person can see them and choose others. */
function placesOf({ root, layout }: FoldersPlan): DatasetPlaces {
  const { images, labels, multi } = layout;
  return {
    images: join(root, images.from),
    structures: [
      ...labels.flatMap(({ structure, from }) =>
        from === null ? [] : [{ structure, folder: join(root, from), coded: null }],
      ),
      ...(multi?.legend ?? []).map(([number, structure]) => ({
        structure,
        folder: join(root, multi?.from ?? ''),
        coded: { kind: multi!.kind, number },
      })),
    ],
  };
}

/** The reader `folders`; its options are `FoldersOptions`. */
export const foldersReader: DatasetReader = {
  looksFor: 'a folder “images” with a folder of masks for each structure beside it',
  guess: async (source, { signal } = {}) => {
    const because = await recogniseFolders(source, signal);
    return because === null ? null : { confidence: 0.8, because };
  },
  nearly: imagesAlone,
  open,
};
