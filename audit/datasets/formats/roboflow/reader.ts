/** The reader `roboflow`: a mask of values beside each image, in a folder for each split. */
import { join, resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { listingOf } from '../../import/listing.ts';
import { splitOfName } from '../../json/find.ts';
import { codingOf } from '../../masks/coding.ts';
import { valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { ROBOFLOW_CLASSES } from '../../masks/legend.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { findRoboflow, roboflowFolders } from './find.ts';
import type { RoboflowLayout } from './layout.ts';

async function open(
  source: string,
  _options: unknown,
  { signal }: Looking = {},
): Promise<DatasetListing> {
  const root = resolve(source);
  const { folders, notices } = await findRoboflow(root, signal);
  if (folders.length === 0) {
    throw new UserError(
      `${root} has no folder with masks beside their images: ` +
        `each needs x.jpg, x_mask.png and ${ROBOFLOW_CLASSES}, which names the classes.`,
    );
  }
  const layout: RoboflowLayout = { folders: {}, cases: {} };
  const cases: CaseSource[] = [];
  const structures = new Set<string>();
  const cache = new RecentFiles<ReadValues>();
  for (const { folder, legend, pairs } of folders) {
    const coding = codingOf(legend.entries, legend.kind);
    for (const { structure } of coding) structures.add(structure);
    layout.folders[folder] = legend.entries.map(([value, name]) => [value, name]);
    const split = folder === '.' ? null : splitOfName(`${folder}/`);
    for (const { id, image, mask } of pairs) {
      layout.cases[id] = { folder, image, mask };
      const about = { legend: ROBOFLOW_CLASSES, unlabelled: legend.background };
      const labels = valueLabels(join(root, mask), coding, cache, about);
      cases.push(caseOf(id, join(root, image), labels, split));
    }
  }
  return listingOf(
    { root, structures: [...structures], notices, cases, layout },
    `${root} has no mask beside an image.`,
  );
}

/** The reader `roboflow`; it has no options. */
export const roboflowReader: DatasetReader = {
  looksFor: `Roboflow’s x_mask.png beside x.jpg with ${ROBOFLOW_CLASSES}`,
  guess: async (source) => {
    const [folder] = await roboflowFolders(resolve(source)).catch(() => [] as string[]);
    if (folder === undefined) return null;
    const where = folder === '.' ? ROBOFLOW_CLASSES : `${folder}/${ROBOFLOW_CLASSES}`;
    return { confidence: 0.9, because: `it has masks beside their images, and ${where}` };
  },
  open,
};
