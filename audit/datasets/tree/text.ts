/** Reads text files of a dataset after a check of their size. */
import { stat } from 'node:fs/promises';
import { UnreadableFile } from '../../codecs/index.ts';
import { readRegular } from '../../regular.ts';

/** Largest text file that is read, in bytes, because JavaScript limits the length of a string. */
const MAX_BYTES = 256 * 1024 * 1024;

/** Splits a text into lines. Each keeps its line end, so the joined lines are the text again. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** @throws UnreadableFile when the file is missing, too large or not UTF-8. */
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
  const bytes = await readRegular(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UnreadableFile(file, 'is not in UTF-8: save it as UTF-8.');
  }
}
