/** A project from a dataset in one step: made, filled, and taken away again if nothing fits. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { createProject, openProject, openProjectForWriting } from '../../store/project.ts';
import type { ProjectReader, ProjectWriter } from '../../store/types.ts';
import { importDataset } from './import.ts';
import type { ImportOptions, ImportResult } from './import.ts';
import { assertApart } from '../tree/places.ts';
import type { OpenedDataset } from '../types.ts';

export interface CreateOptions extends ImportOptions {
  /** Default: the folder's name without `.overread`. */
  readonly name?: string;
  /** What this process does, for a second one that finds the project locked. */
  readonly purpose?: string;
}

/**
 * Makes the project `folder` of a dataset and imports it; an import of the same dataset that was
 * killed or cancelled is completed. The project is returned open: the caller closes it.
 * @throws UserError; a project that was made and took no case is removed again.
 */
export async function createFromDataset(
  folder: string,
  listing: OpenedDataset,
  options: CreateOptions = {},
): Promise<{ project: ProjectWriter; result: ImportResult }> {
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

/** Why the project in `place` is not of this dataset; null when it is. */
function differs(place: string, project: ProjectReader, listing: OpenedDataset): string | null {
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
 * Whether a project of this dataset may be made in `folder`; nothing is written.
 * @returns what speaks against it, and whether it is there already and would be completed.
 */
export async function checkPlace(
  folder: string,
  listing: OpenedDataset,
): Promise<{ problem: string | null; known: boolean }> {
  const place = resolve(folder);
  try {
    await assertApart('The project folder', place, listing.folders);
    if (existsSync(join(place, 'project.db'))) {
      const project = await openProject(place);
      const problem = differs(place, project, listing);
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

/** Takes a project away that took nothing; a folder that was there, empty, stays. */
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
  const problem = differs(place, project, listing);
  if (problem === null) return project;
  project.close();
  throw new UserError(problem);
}
