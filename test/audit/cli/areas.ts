/** Counts the pixels of the labels of a project. */
import { openProject } from '../../../audit/store/project.ts';

/** The number of pixels of each label of a project, by `CASE STRUCTURE`. */
export async function areasOf(folder: string): Promise<Record<string, number>> {
  const project = await openProject(folder);
  try {
    const found: Record<string, number> = {};
    for (const id of project.caseIds()) {
      for (const { name } of project.structures) {
        const mask = await project.mask(id, name);
        if (mask !== null) found[`${id} ${name}`] = mask.data.filter((on) => on === 1).length;
      }
    }
    return found;
  } finally {
    project.close();
  }
}
