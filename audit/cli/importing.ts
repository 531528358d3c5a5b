/** A dataset into a project: made new, or the import that was cut off is completed. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { importDataset } from '../datasets/import.ts';
import type { ImportOptions, ImportResult } from '../datasets/import.ts';
import { assertApart } from '../datasets/places.ts';
import type { DatasetListing } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import { createProject, openProjectForWriting } from '../store/project.ts';
import type { ProjectWriter } from '../store/types.ts';

/** `chest.overread` → `chest`. */
export function projectName(folder: string): string {
  return basename(resolve(folder)).replace(/\.overread$/, '');
}

async function openOrCreate(
  folder: string,
  listing: DatasetListing,
  options: Readonly<Record<string, unknown>>,
): Promise<{ project: ProjectWriter; created: boolean }> {
  if (!existsSync(join(folder, 'project.db'))) {
    await assertApart('The project folder', folder, listing.folders);
    const { format, root, layout, structures } = listing;
    const origin = { format, root, options, layout };
    const name = projectName(folder);
    return { project: await createProject(folder, { name, structures, origin }), created: true };
  }
  const project = await openProjectForWriting(folder, { purpose: 'overread create' });
  const { origin, structures } = project;
  const names = (list: DatasetListing['structures']): string =>
    list
      .map(({ name }) => name)
      .sort()
      .join('\n');
  const same =
    origin.format === listing.format &&
    resolve(origin.root) === resolve(listing.root) &&
    names(structures) === names(listing.structures);
  if (same) return { project, created: false };
  project.close();
  throw new UserError(
    `${folder} is a project of another dataset (${origin.root}): give the name of a new folder.`,
  );
}

/** Takes away a project that came to nothing; a folder that was there before stays, empty. */
async function removeProject(folder: string, wasThere: boolean): Promise<void> {
  if (!wasThere) return rm(folder, { recursive: true, force: true });
  for (const name of await readdir(folder)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
  await mkdir(folder, { recursive: true });
}

/**
 * Imports `listing` into the project at `folder`, which is made unless an earlier import of the same
 * dataset was cut off there.
 * @throws UserError when no case could be taken (a new project is then not left behind); AbortError
 * when cancelled: what was taken stays, and the same call completes it.
 */
export async function importProject(
  folder: string,
  listing: DatasetListing,
  options: Readonly<Record<string, unknown>>,
  events: ImportOptions = {},
): Promise<ImportResult> {
  const place = resolve(folder);
  const wasThere = existsSync(place);
  const { project, created } = await openOrCreate(place, listing, options);
  let keep = !created;
  try {
    const result = await importDataset(listing, project, events);
    keep = true;
    return result;
  } catch (error) {
    keep ||= project.counts.cases > 0;
    throw error;
  } finally {
    project.close();
    if (!keep) await removeProject(place, wasThere);
  }
}
