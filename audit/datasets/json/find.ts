/** Finds the annotation files of one format among a dataset's JSON files by their first bytes. */
import { open } from 'node:fs/promises';
import { readAt } from '../../codecs/index.ts';
import type { FoundFile } from '../tree/walk.ts';

/** Bytes that are read of each file, enough to contain its first key. */
const HEAD_BYTES = 64 * 1024;
/** Annotation files lie at most this many folders deep. */
const MAX_DEPTH = 3;
/** A folder with more JSON files has one for each image; COCO and Label Studio never do. */
const MAX_FILES = 1000;

/** The files whose first bytes look right. @throws the signal's reason when cancelled. */
export async function jsonFilesLike(
  files: readonly FoundFile[],
  looksRight: (head: string) => boolean,
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  const candidates = files.filter(
    ({ relative }) => /\.json$/i.test(relative) && relative.split('/').length <= MAX_DEPTH + 1,
  );
  const found: FoundFile[] = [];
  for (const file of candidates.slice(0, MAX_FILES)) {
    signal?.throwIfAborted();
    const head = await headOf(file.path);
    if (head !== null && looksRight(head.replace(/^\uFEFF/, '').trimStart())) found.push(file);
  }
  return found;
}

async function headOf(path: string): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      return (await readAt(file, 0, HEAD_BYTES)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** `train`, `val` or `test` if the file or a folder above it has this name, else null. */
export function splitOfName(relative: string): string | null {
  for (const part of relative.toLowerCase().split('/').reverse()) {
    const match = /(?:^|[^a-z])(train|val|test)(?:ing|id|idation)?(?:[^a-z]|$)/.exec(part);
    if (match !== null) return match[1];
  }
  return null;
}
