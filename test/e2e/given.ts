/** The three datasets of `given.mjs`, made of phantoms, with what the window must show of them. */
import { join } from 'node:path';
import { createFromDataset } from '../../audit/datasets/import/create.ts';
import { openDataset } from '../../audit/datasets/registry.ts';
import { writePhantomDataset } from '../../audit/phantoms/dataset.ts';
import { openProject } from '../../audit/store/project.ts';
import type { ProjectReader } from '../../audit/store/types.ts';
import { giveAs } from './given.mjs';

export interface Given {
  /** Path of the folder or file that a person drops. */
  readonly path: string;
  /** The dataset's folder. */
  readonly folder: string;
  /** What the window calls the format. */
  readonly format: string;
  /** Texts that the inspector must show of each case: what the dataset says of its image. */
  readonly facts: readonly string[];
}

/** Number of cases in each dataset. */
export const GIVEN_CASES = 8;

/**
 * @returns the three datasets, and the open project from which they were exported, to compare their
 *   masks with
 */
export async function makeGiven(
  root: string,
): Promise<{ given: readonly Given[]; origin: ProjectReader }> {
  const phantoms = join(root, 'phantoms');
  await writePhantomDataset(phantoms, { count: GIVEN_CASES, size: 128, seed: 3, errorShare: 0.25 });
  const place = join(root, 'origin.overread');
  (await createFromDataset(place, await openDataset(phantoms))).project.close();
  const { dicom, coco, labelme } = giveAs(place, root);
  return {
    origin: await openProject(place),
    given: [
      { path: dicom, folder: dicom, format: 'DICOM', facts: ['Patient', 'P-', 'Study'] },
      { path: coco, folder: join(root, 'coco'), format: 'COCO', facts: ['Split', 'train'] },
      { path: labelme, folder: labelme, format: 'labelme', facts: [] },
    ],
  };
}
