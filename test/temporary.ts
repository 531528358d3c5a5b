/**
 * Temporary folders of tests. `set-up.ts` removes them after each test: a hook that a shared module registers
 * itself holds only for the first test file that loads the module.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** Makes a folder that is removed after the test. @param prefix begins its name */
export async function folderOfTest(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  made.push(folder);
  return folder;
}

export async function removeFoldersOfTest(): Promise<void> {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
}
