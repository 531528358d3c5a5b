/** Creates a project and imports a dataset into it. A project that received no case is removed again. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { createProject, openProject, openProjectForWriting } from '../../store/project.ts';
import type { ProjectReader, ProjectWriter } from '../../store/types.ts';
import { importDataset } from './import.ts';
import type { ImportOptions, ImportSummary } from './import.ts';
import { assertApart } from '../tree/places.ts';
import type { OpenedDataset } from '../types.ts';

export interface CreateOptions extends ImportOptions {
  /** The project's name. Default: the name of its folder without `.overread`. */
  readonly name?: string;
  /** Words for what this process does. Another process that finds the project locked shows them. */
  readonly purpose?: string;
}

/**
 * Creates a project in `folder` and imports the dataset. If an earlier import of the same dataset into
 * this project was killed or cancelled, this one completes it. Returns the open project; the caller
 * closes it.
 * @throws UserError when the project cannot be created or no case can be imported; the signal's reason
 *   when cancelled. If a new project received no case, it is removed before the error is thrown.
 */
export async function createFromDataset(
  folder: string,
  listing: OpenedDataset,
  options: CreateOptions = {},
): Promise<{ project: ProjectWriter; result: ImportSummary }> {
  const place = resolve(folder);
  await assertApart('The project folder', place, listing.folders);
  const isThere = existsSync(join(place, 'project.db'));
  const wasThere = existsSync(place);
  const project = isThere
    ? await reopen(place, listing, options)
    : await createProject(
        place,
        {
          name: options.name ?? basename(place).replace(/\.overread$/, ''),
          structures: listing.structures,
          origin: {
            format: listing.format,
            root: listing.root,
            options: listing.options,
            layout: listing.layout,
          },
        },
        options.purpose,
      );
  try {
    return { project, result: await importDataset(listing, project, options) };
  } catch (error) {
    const empty = !isThere && project.counts.cases === 0;
    project.close();
    if (empty) await removeContents(place, wasThere);
    throw error;
  }
}

/**
 * @returns a sentence that says why the project in `place` cannot take this dataset (it belongs to
 *   another dataset or has other structures), or null if it can.
 */
function mismatchOf(place: string, project: ProjectReader, listing: OpenedDataset): string | null {
  const { format, root } = project.origin;
  if (format !== listing.format || resolve(root) !== listing.root) {
    return `${place} is the project of another dataset (${root}): name a new folder.`;
  }
  const names = project.structures.map(({ name }) => name);
  const given = listing.structures.map(({ name }) => name);
  if (given.every((name) => names.includes(name))) return null;
  return (
    `${place} is a project of this dataset, but has the structures ${names.join(', ')}, ` +
    `not ${given.join(', ')}: name a new folder.`
  );
}

/**
 * Checks whether a project of this dataset may be created in `folder`; writes nothing.
 * @returns `problem`: a sentence that says why not, or null; `known`: whether the project exists already,
 *   so that the import would complete it
 */
export async function checkProjectFolder(
  folder: string,
  listing: OpenedDataset,
): Promise<{ problem: string | null; known: boolean }> {
  const place = resolve(folder);
  try {
    await assertApart('The project folder', place, listing.folders);
    if (existsSync(join(place, 'project.db'))) {
      const project = await openProject(place);
      const problem = mismatchOf(place, project, listing);
      project.close();
      return { problem, known: problem === null };
    }
    const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new UserError(`${place} is no folder that can be written: name a new one.`);
    });
    if (names.length > 0) throw new UserError(`${place} is not empty: name a new folder.`);
    return { problem: null, known: false };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message, known: false };
    throw error;
  }
}

/** Removes a project without cases. If its folder existed before, the empty folder stays. */
async function removeContents(place: string, wasThere: boolean): Promise<void> {
  if (!wasThere) return rm(place, { recursive: true, force: true });
  for (const name of await readdir(place)) {
    await rm(join(place, name), { recursive: true, force: true });
  }
}

async function reopen(
  place: string,
  listing: OpenedDataset,
  options: CreateOptions,
): Promise<ProjectWriter> {
  const purpose = options.purpose ?? 'overread create';
  const project = await openProjectForWriting(place, { purpose });
  const problem = mismatchOf(place, project, listing);
  if (problem === null) return project;
  project.close();
  throw new UserError(problem);
}
