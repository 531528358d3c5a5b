/** Opens a project for one command and closes it when the command ends, also if it fails. */
import { openProject, openProjectForWriting } from '../store/project.ts';
import type { ProjectReader, ProjectWriter } from '../store/types.ts';

/** Opens a project for reading: it takes no lock, so another process may write it. */
export async function readProject<T>(
  folder: string,
  work: (project: ProjectReader) => T | Promise<T>,
): Promise<T> {
  const project = await openProject(folder);
  try {
    return await work(project);
  } finally {
    project.close();
  }
}

/**
 * Opens a project for writing. One process at a time can write a project.
 * @param purpose tells other processes that want to write who holds the project, such as `overread
 *   train`
 * @throws UserError that says who holds the project.
 */
export async function writeProject<T>(
  folder: string,
  purpose: string,
  work: (project: ProjectWriter) => T | Promise<T>,
): Promise<T> {
  const project = await openProjectForWriting(folder, { purpose });
  try {
    return await work(project);
  } finally {
    project.close();
  }
}
