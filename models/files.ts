/** Writes files so that a crash at any moment leaves the old file or the new one, whole. */
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes to a temporary name beside `path`, syncs, renames, and syncs the folder. On an error
 * nothing is left behind and the old file stays.
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
 * Makes new names in `folder` durable. Windows cannot open a folder for it and does not need it: NTFS
 * journals its renames.
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
