/** The three datasets of `given.mjs`, made of phantoms, with what is to be seen of them in the window. */
import { join } from 'node:path';
import { createFromDataset } from '../../audit/datasets/import/create.ts';
import { openDataset } from '../../audit/datasets/registry.ts';
import { writePhantomDataset } from '../../audit/phantoms/dataset.ts';
import { openProject } from '../../audit/store/project.ts';
import type { ProjectReader } from '../../audit/store/types.ts';
import { giveAs } from './given.mjs';

export interface Given {
  /** What a person drops. */
  readonly path: string;
  /** The dataset's folder. */
  readonly folder: string;
  /** What the window calls the format. */
  readonly format: string;
  /** What the dataset says of each of its images. */
  readonly facts: readonly string[];
}

/** Of each dataset. */
export const GIVEN_CASES = 8;

/** @returns the three, and the project that they were written from, open: it has the true masks. */
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
