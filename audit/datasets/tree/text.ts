/** Text files of a dataset, bounded before they are read. */
import { readFile, stat } from 'node:fs/promises';
import { UnreadableFile } from '../../codecs/index.ts';

/** Largest text file that is read, in bytes: a string has its limits. */
const MAX_BYTES = 256 * 1024 * 1024;

/** @throws UnreadableFile when it is not there, is too large or is no text of UTF-8. */
export async function readText(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile())
    throw new UnreadableFile(file, 'is not there: restore it.');
  if (found.size > MAX_BYTES) {
    throw new UnreadableFile(
      file,
      `is larger than the ${MAX_BYTES / 2 ** 20} MB that are read: split it into parts.`,
    );
  }
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UnreadableFile(file, 'is not written in UTF-8: save it so.');
  }
}
