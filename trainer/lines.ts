/** JSON lines in a run folder: appended epoch by epoch, and cut back when a training resumes. */
import { appendFile, readFile } from 'node:fs/promises';
import { writeDurably } from '../models/files.ts';

export async function appendLine(path: string, line: unknown): Promise<void> {
  await appendFile(path, `${JSON.stringify(line)}\n`);
}

/**
 * Keeps the lines up to `epoch`, and removes what a crash left behind: lines of an epoch without a
 * checkpoint, and everything from the first line that `parse` refuses. A missing file has no lines.
 * @returns the lines that were kept
 */
export async function keepLines<T extends { epoch: number }>(
  path: string,
  epoch: number,
  parse: (line: unknown) => T,
): Promise<T[]> {
  let text = '';
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const kept: T[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    try {
      const parsed = parse(JSON.parse(line));
      if (parsed.epoch <= epoch) kept.push(parsed);
    } catch {
      break;
    }
  }
  await writeDurably(path, async (file) => {
    await file.writeFile(kept.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  return kept;
}
