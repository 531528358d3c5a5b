/**
 * The reader `labelstudio`: exports of Label Studio, with the images anywhere below one root.
 * Annotations become labels; predictions are ignored.
 */
import { resolve } from 'node:path';
import { caseOf } from '../../import/case.ts';
import { findTaskFiles, planTasks, shortExport } from './plan.ts';
import type { LabelStudioLayout, TaskCase } from './plan.ts';
import { uniteRegions } from './regions.ts';
import { listingOf } from '../../import/listing.ts';
import { withFileName } from '../../masks/label-files.ts';
import { fitToImage } from '../../masks/masks.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { portable } from '../../tree/places.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';
import { walk } from '../../tree/walk.ts';

function labelOf(structure: string, label: string, { index, task }: TaskCase): LabelSource {
  const drawn = task.labels.get(label);
  const name = `${task.name}, ${structure},`;
  return {
    structure,
    file: index.path,
    name,
    isEmpty: drawn === undefined,
    read: async (image) => {
      const regions = await index.regions(task, drawn?.places ?? []);
      return withFileName(name, () => {
        const fitted = fitToImage(uniteRegions(regions, drawn?.size ?? image), image);
        const notice = changed(name, [fitted.note]);
        return { mask: fitted.mask, ...(notice && { notice }) };
      });
    },
  };
}

async function open(source: string, _options: unknown, looking?: Looking): Promise<DatasetListing> {
  const root = resolve(source);
  const plan = await planTasks(root, null, looking);
  const notices = [...plan.notices];
  const cases: CaseSource[] = [];
  for (const [path, own] of plan.cases) {
    if (own.task.annotation === null) {
      notices.push(leftOut(path, 'has no annotation; predictions are not imported.'));
    } else {
      // The annotator saw the whole image, so a label without regions is empty. A label whose regions could
      // not be used is absent.
      const { labels: drawn, undrawn } = own.task;
      const labels = [...plan.structures]
        .filter(([, label]) => drawn.has(label) || !undrawn.has(label))
        .map(([structure, label]) => labelOf(structure, label, own));
      cases.push(caseOf(own.id, path, labels, null, { annotator: own.task.annotator }));
    }
  }
  const layout: LabelStudioLayout = {
    files: plan.files.map(({ path }) => portable(root, path)),
    structures: Object.fromEntries(plan.structures),
  };
  const structures = [...plan.structures.keys()];
  return listingOf(
    { root, structures, notices, cases, layout },
    `${root} has no task with a brush or a polygon.`,
  );
}

/** The reader `labelstudio`; it has no options. */
export const labelStudioReader: DatasetReader = {
  looksFor: 'a JSON export of Label Studio (a list of tasks) with its images',
  guess: async (source, { signal } = {}) => {
    const [first] = await findTaskFiles(await walk(resolve(source), signal), signal);
    if (first === undefined) return null;
    return { confidence: 0.9, because: `${first.relative} holds tasks of Label Studio` };
  },
  nearly: async (source) => shortExport(await walk(resolve(source))),
  open,
};
