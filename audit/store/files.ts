/**
 * Writes files that survive a crash: a file is written under a temporary name, synced and renamed, then
 * its folder is synced. So a file that a database row refers to exists even after a power cut.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, realpathSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openRegular } from '../regular.ts';

/** Modes of files and folders that may hold names of patients: only their owner may read and write them. */
export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;

/** Makes an empty file that only its owner may read. SQLite fills it, and keeps its mode for the WAL. */
export function makeOwnFile(file: string): void {
  closeSync(openSync(file, 'w', OWN_FILE));
}

/** Windows cannot open a folder for syncing and does not need it: NTFS journals its renames. */
const canSyncFolders = process.platform !== 'win32';

/** Makes new file names in `folder` durable. Blocks, unlike `syncFolder` of `models/files.ts`. */
export function syncFolderNow(folder: string): void {
  if (!canSyncFolders) return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes `bytes` to `temporary`, syncs it and renames it to `file`. The caller syncs the folder,
 * once for many files. On failure the temporary file is removed and `file` is unchanged.
 */
export async function writeSynced(
  file: string,
  temporary: string,
  bytes: Uint8Array,
): Promise<void> {
  try {
    const handle = await open(temporary, 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Runs `work` on every item, at most `limit` at a time, and returns the results in order. After the
 * first failure no new item is started; the failure is thrown once the running items have ended.
 */
export async function parallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failure: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (next < items.length && failure === null) {
      const index = next++;
      try {
        results[index] = await work(items[index]);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failure !== null) throw (failure as { error: unknown }).error;
  return results;
}

/** The absolute path without links. The last parts of the path need not exist. */
export function realNow(file: string): string {
  const absolute = path.resolve(file);
  try {
    return realpathSync.native(absolute);
  } catch {
    const parent = path.dirname(absolute);
    if (parent === absolute) return absolute;
    return path.join(realNow(parent), path.basename(absolute));
  }
}

/** The SHA-256 of a file (lower-case hex), or null if the file cannot be read. */
export async function sha256Of(file: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    const opened = await openRegular(file);
    await pipeline(opened.createReadStream(), hash);
    return hash.digest('hex');
  } catch {
    return null;
  }
}

/** Whether `inner` is `outer` or lies inside it; both are absolute paths. */
export function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
