/**
 * The reader `coco`: one or several COCO files, with their images anywhere below one root. All
 * annotations of one category in one image are one label.
 */
import { resolve } from 'node:path';
import { counted, plural } from '../../../contract/words.ts';
import { caseOf } from '../../import/case.ts';
import { findCocoFiles, planCoco } from './plan.ts';
import type { CocoCase, CocoLabel, CocoLayout } from './plan.ts';
import { unite } from '../../masks/segmentation.ts';
import { listingOf } from '../../import/listing.ts';
import { withFileName } from '../../masks/label-files.ts';
import { fitToImage } from '../../masks/masks.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetListing, DatasetReader, LabelSource, Looking } from '../../types.ts';
import { walk } from '../../tree/walk.ts';

function labelOf(structure: string, id: string, { index, image, places }: CocoLabel): LabelSource {
  const name = `${index.path} (${structure} of ${id})`;
  return {
    structure,
    file: index.path,
    name,
    isEmpty: places.length === 0,
    read: async (size) => {
      const segmentations = await index.segmentations(places);
      return withFileName(name, () => {
        const fitted = fitToImage(unite(segmentations, image.size ?? size), size);
        const notice = changed(name, [fitted.note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  };
}

/** One notice per file about the labels that were imported as empty. */
function emptyNotices(cases: Iterable<CocoCase>): ImportNotice[] {
  const counts = new Map<string, number>();
  for (const { labels } of cases) {
    for (const { index, places } of labels.values()) {
      if (places.length === 0) counts.set(index.path, (counts.get(index.path) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([path, count]) => {
    const labels = `${counted(count, 'label')} ${plural(count, 'is', 'are')}`;
    const reason = `has annotated images without an annotation of every category: ${labels} taken as empty.`;
    return changed(path, [reason]) ?? [];
  });
}

async function open(source: string, _options: unknown, looking?: Looking): Promise<DatasetListing> {
  const root = resolve(source);
  const plan = await planCoco(root, null, looking);
  const notices = [...plan.notices, ...emptyNotices(plan.cases.values())];
  const cases = [...plan.cases.values()].flatMap(({ id, file, split, labels }) => {
    if (labels.size === 0) {
      notices.push(leftOut(file.path, 'has no annotation with an outline or a mask.'));
      return [];
    }
    const sources = [...labels].map(([structure, label]) => labelOf(structure, id, label));
    return [caseOf(id, file.path, sources, split)];
  });
  const layout: CocoLayout = {
    files: plan.files.map(({ path }) => portable(root, path)),
    structures: Object.fromEntries(plan.structures),
  };
  const structures = [...plan.structures.keys()];
  return listingOf(
    { root, structures, notices, cases, layout },
    `${plan.files[0].path} has no annotation with an outline or a mask in any image.`,
  );
}

/** The reader `coco`; it has no options. */
export const cocoReader: DatasetReader = {
  looksFor: 'a COCO file (JSON with images, annotations and categories) with its images',
  guess: async (source, { signal } = {}) => {
    const [first] = await findCocoFiles(await walk(resolve(source), signal), signal);
    if (first === undefined) return null;
    return { confidence: 0.9, because: `${first.relative} is a COCO file` };
  },
  open,
};
