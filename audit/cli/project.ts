/** Opens a project for one command and closes it however the command ends. */
import { openProject, openProjectForWriting } from '../store/project.ts';
import type { ProjectReader, ProjectWriter } from '../store/types.ts';

/** Reads a project: no lock is taken, another process may be writing it. */
export async function reading<T>(
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
 * Writes a project, which one process at a time may.
 * @param purpose what this process does, for others that want to write: `overread train`
 * @throws UserError that says who holds the project.
 */
export async function writing<T>(
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
