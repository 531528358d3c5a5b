/**
 * The writer `roboflow`: draws corrected labels into the masks beside the images, and copies all other files
 * byte for byte. Of a case that the export leaves out it writes neither the image nor the mask.
 */
import { ownLayout } from '../../export/own-layout.ts';
import { putValues } from '../../export/put-values.ts';
import { putCopy } from '../../export/target-folder.ts';
import { putRest } from '../../export/unchanged-files.ts';
import { writeCases } from '../../export/write-cases.ts';
import { leftOut } from '../../import/notices.ts';
import { codingOf } from '../../masks/coding.ts';
import type { Coding } from '../../masks/coding.ts';
import { foreseeValues } from '../../masks/losses.ts';
import { ROBOFLOW_CLASSES } from '../../masks/legend.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase } from '../../types.ts';
import { RoboflowLayout } from './layout.ts';

const codingIn = (layout: RoboflowLayout, id: string): Coding =>
  codingOf(layout.folders[layout.cases[id].folder], 'values');

/** A notice for each label that the case's own folder has no class for. */
function unwritable(layout: RoboflowLayout, item: ExportedCase, coding: Coding): ImportNotice[] {
  const { folder, mask } = layout.cases[item.id];
  return item.labels
    .filter(({ structure }) => !coding.some((coded) => coded.structure === structure))
    .map(({ structure }) =>
      leftOut(mask, `has no “${structure}”: ${folder}/${ROBOFLOW_CLASSES} has no class for it.`),
    );
}

export const roboflowWriter: DatasetWriter = {
  holds: null,
  open: (given, options) => {
    const layout = ownLayout(RoboflowLayout, given, 'roboflow', 'folders');
    const { root, link } = options;
    return {
      foresee: (item) => foreseeValues(item, codingIn(layout, item.id)),
      write: async (out, cases) => {
        const notices = await writeCases(cases, async (item) => {
          const own = layout.cases[item.id];
          const coding = codingIn(layout, item.id);
          await putCopy(out, own.image, item.imageFile, link);
          const lost = unwritable(layout, item, coding);
          return [...lost, ...(await putValues(out, () => own.mask, item, coding))];
        });
        const own = new Set(
          Object.values(layout.cases).flatMap(({ image, mask }) => [image, mask]),
        );
        await putRest(out, root, (path) => own.has(path), link);
        return notices;
      },
    };
  },
};
