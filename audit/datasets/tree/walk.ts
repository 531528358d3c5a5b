/** Lists the files of a dataset's folder by name, in the same order on every system. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { UserError } from '../../errors.ts';
import { FORMAT_NAME, extensionOf, formatOfName } from '../../codecs/sniff.ts';

/** One file below a folder. */
export interface FoundFile {
  /** The absolute path. */
  readonly path: string;
  /** Path below the folder, with `/`. */
  readonly relative: string;
  /** The name of a case: `relative` without its extension, in Unicode's composed form (NFC). */
  readonly id: string;
}

/**
 * Names of hidden files, and of files and folders that operating systems and tools leave behind. They are
 * skipped.
 */
const IGNORED = /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Whether a file's name says that it is an image. */
export function isImageName(name: string): boolean {
  return formatOfName(name) !== null;
}

/** The names of the image formats, for messages. */
export const IMAGE_FORMATS = Object.values(FORMAT_NAME).join(', ');

/**
 * All files below `folder`, sorted by name. Links are followed, but no folder is visited twice.
 * @throws UserError when the folder itself cannot be read, or a link leads up to a folder that it lies in; the signal's reason when cancelled.
 */
export async function walk(folder: string, signal?: AbortSignal): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const visited = new Set<string>();
  const visit = async (directory: string, prefix: string, above: string[]): Promise<void> => {
    signal?.throwIfAborted();
    const real = await realpath(directory);
    const top = above.find((one) => one === real || one.startsWith(`${real}${sep}`));
    if (top !== undefined) {
      throw new UserError(
        `The link ${directory} leads up to ${real}, a folder that it lies in: remove the link.`,
        { code: 'bad-file' },
      );
    }
    if (visited.has(real)) return;
    visited.add(real);
    const entries = await readdir(directory, { withFileTypes: true });
    entries.sort((a, b) => compare(a.name, b.name));
    for (const entry of entries) {
      if (IGNORED.test(entry.name)) continue;
      const path = join(directory, entry.name);
      const relative = `${prefix}${entry.name}`;
      // A broken link counts as a file, so that a later attempt to read it gives an error that says what is
      // wrong.
      const isFolder = entry.isSymbolicLink()
        ? await stat(path).then(
            (target) => target.isDirectory(),
            () => false,
          )
        : entry.isDirectory();
      if (isFolder) await visit(path, `${relative}/`, [...above, real]);
      else found.push({ path, relative, id: idOf(relative) });
    }
  };
  await visit(folder, '', []).catch((error: unknown) => {
    throw folderError(folder, error);
  });
  return found;
}

/** Makes the entry for a file that a person named, as `walk` would for the file's own folder. */
export function foundFile(path: string): FoundFile {
  const name = basename(path);
  return { path, relative: name, id: idOf(name) };
}

/** The name of a case: the relative path of its image without the extension. */
export function idOf(relative: string): string {
  return relative.slice(0, relative.length - extensionOf(relative).length).normalize('NFC');
}

/**
 * The names of the folders directly in `folder`, sorted.
 * @throws UserError when the folder cannot be read.
 */
export async function subfolders(folder: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (IGNORED.test(entry.name)) continue;
      const target = entry.isSymbolicLink()
        ? await stat(join(folder, entry.name)).catch(() => null)
        : entry;
      if (target?.isDirectory()) names.push(entry.name);
    }
    return names.sort(compare);
  } catch (error) {
    throw folderError(folder, error);
  }
}

/**
 * The path of the only folder in `folder`, or null if there are other files or folders beside it. An archive
 * often holds all files in one folder.
 */
export async function onlyFolder(folder: string): Promise<string | null> {
  const names = (await readdir(folder)).filter((name) => !IGNORED.test(name));
  const found = await subfolders(folder);
  return names.length === 1 && found.length === 1 ? join(folder, found[0]) : null;
}

function folderError(folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return new UserError(`${folder} is not there: name the dataset's folder.`, {
      code: 'not-found',
    });
  }
  if (code === 'ENOTDIR') return new UserError(`${folder} is a file: name the dataset's folder.`);
  if (code === 'EACCES' || code === 'EPERM') {
    return new UserError(`${folder} may not be read: change its permissions.`);
  }
  return error;
}
