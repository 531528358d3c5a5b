/** Small JSON files of a run or an experiment, each written whole or not at all. */
import { readFile } from 'node:fs/promises';
import { writeDurably } from '../../models/files.ts';

/** The parsed JSON of `file`, or null if there is no such file. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces `file` durably: it writes and syncs a temporary file, then renames it. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const text = `${JSON.stringify(value, null, 1)}\n`;
  await writeDurably(file, (handle) => handle.writeFile(text));
}
