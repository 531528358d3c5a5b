/** Lists the folders in a folder. Limits keep that fast in a folder of a million images. */
import { existsSync } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { FolderListing } from '../../contract/api.ts';
import { Refusal } from '../http/respond.ts';

/** The most folders that are listed. */
const LISTED = 500;
/** The most entries that are counted in each listed folder. */
const COUNTED = 1000;
/** The most entries of the opened folder that are read. */
const LOOKED_AT = 100_000;
const HIDDEN = /^\.|^(\$RECYCLE\.BIN|System Volume Information|lost\+found)$/i;

const byName = new Intl.Collator('en', { numeric: true });

type Folder = FolderListing['folders'][number];

interface Count {
  files: number;
  folders: number;
  more: boolean;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Counts entries without following links. @returns null if the folder cannot be read */
async function count(path: string): Promise<Count | null> {
  const counted: Count = { files: 0, folders: 0, more: false };
  try {
    for await (const entry of await opendir(path)) {
      if (HIDDEN.test(entry.name)) continue;
      if (counted.files + counted.folders >= COUNTED) {
        counted.more = true;
        break;
      }
      if (entry.isDirectory()) counted.folders += 1;
      else counted.files += 1;
    }
  } catch {
    return null;
  }
  return counted;
}

async function describe(path: string, name: string): Promise<Folder> {
  const counted = await count(path);
  return {
    name,
    path,
    files: counted?.files ?? null,
    folders: counted?.folders ?? null,
    more: counted?.more ?? false,
    project: existsSync(join(path, 'project.db')),
  };
}

/** The roots of the file system: `/`, or the drives of Windows. */
function rootsOf(platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return ['/'];
  const letters = Array.from({ length: 26 }, (_, i) => `${String.fromCharCode(65 + i)}:\\`);
  return letters.filter((drive) => existsSync(drive));
}

/**
 * Lists the folders in `path` by name, without hidden ones.
 * @param path default: the home folder
 * @throws Refusal (404) when `path` is not a readable folder
 */
export async function listFolder(path?: string): Promise<FolderListing> {
  const home = homedir();
  const folder = resolve(path ?? home);
  const names: string[] = [];
  let files = 0;
  let looked = 0;
  try {
    for await (const entry of await opendir(folder)) {
      looked += 1;
      if (looked > LOOKED_AT) break;
      if (HIDDEN.test(entry.name)) continue;
      const linked = entry.isSymbolicLink() && (await isFolder(join(folder, entry.name)));
      if (entry.isDirectory() || linked) names.push(entry.name);
      else files += 1;
    }
  } catch {
    throw new Refusal(404, `${folder} is not a folder that can be read: choose another one.`);
  }
  names.sort((a, b) => byName.compare(a, b));
  const folders: Folder[] = [];
  for (const name of names.slice(0, LISTED)) folders.push(await describe(join(folder, name), name));
  const parent = dirname(folder);
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    home,
    roots: rootsOf(process.platform),
    folders,
    files,
    truncated: names.length > LISTED || looked > LOOKED_AT,
  };
}
