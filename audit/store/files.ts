/**
 * Files that survive a crash: written whole under a temporary name, synced, renamed, and their
 * folder synced, so that what a database row points at is really there after a power cut.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Windows cannot open a folder for syncing and does not need it: NTFS journals its renames. */
const canSyncFolders = process.platform !== 'win32';

/** Makes new names in `folder` durable, blocking (see `models/files.ts`): for the few places that are synchronous by contract. */
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
 * Writes `bytes` to `temporary`, syncs, and renames it to `file`. The caller syncs the folder
 * (once for many files). On failure the temporary file is gone and `file` is as it was.
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
 * Runs `work` on every item, at most `limit` at a time, and returns the results in order. The
 * first failure stops new work, waits for what has begun, and is thrown.
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

/** Whether `inner` is `outer` or lies under it. Both absolute. */
export function isInside(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}
