/** JSON files of a dataset's folder that look like annotations of one kind: told by their beginning. */
import { open } from 'node:fs/promises';
import { readAt } from '../../codecs/index.ts';
import type { FoundFile } from '../tree/walk.ts';

/** Enough to meet the first of a file's keys. */
const HEAD_BYTES = 64 * 1024;
/** Folders above an annotation file, at most. */
const MAX_DEPTH = 3;
/** More JSON files than this are one a picture, which is neither of these formats. */
const MAX_FILES = 1000;

/** The files among `files` whose beginning looks right. @throws the signal's reason when cancelled. */
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

/** `train`, `val` or `test`, where a file or the folders above it are named for one. */
export function splitOfName(relative: string): string | null {
  for (const part of relative.toLowerCase().split('/').reverse()) {
    const match = /(?:^|[^a-z])(train|val|test)(?:ing|id|idation)?(?:[^a-z]|$)/.exec(part);
    if (match !== null) return match[1];
  }
  return null;
}
