/** Lets only one set-up run at a time on a machine: a second one waits until the first has ended. */
import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Runs `work` while this process holds the lock file `path`. A lock whose process is gone is removed.
 * @param onWait called once when another process holds the lock
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: () => void,
  signal?: AbortSignal,
): Promise<T> {
  let told = false;
  for (;;) {
    const state = await acquire(path);
    if (state === 'mine') break;
    if (state === 'stale') continue;
    if (!told) onWait();
    told = true;
    await wait(500, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function acquire(path: string): Promise<'mine' | 'stale' | 'taken'> {
  try {
    const file = await open(path, 'wx');
    await file.write(String(process.pid));
    await file.close();
    return 'mine';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const text = await readFile(path, 'utf8').catch(() => '');
  // If the file is empty, its owner is about to write its process id.
  if (text === '' || alive(Number(text))) return 'taken';
  await rm(path, { force: true });
  return 'stale';
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
