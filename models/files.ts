/** Writes files so that, after a crash at any moment, the file is the whole old one or the whole new one. */
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes to a temporary name beside `path`, syncs the file, renames it, and syncs the folder. On an error
 * the temporary file is removed and the old file stays.
 * @param mode permissions of a new file, before the process's umask
 */
export async function writeDurably(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  mode = 0o666,
): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  const file = await open(temporary, 'w', mode);
  try {
    await write(file);
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Syncs a folder, so that files that were created or renamed in it keep their names after a crash. Windows
 * cannot open a folder for this and does not need it: NTFS journals its renames.
 */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
