/** Small JSON files of a run or an experiment, whole or not there. */
import { readFile } from 'node:fs/promises';
import { writeDurably } from '../../models/files.ts';

/** The parsed JSON of `file`; null when there is no such file. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Written to a temporary name, synced, renamed. */
export async function writeJson(file: string, value: unknown): Promise<void> {
  const text = `${JSON.stringify(value, null, 1)}\n`;
  await writeDurably(file, (handle) => handle.writeFile(text));
}
