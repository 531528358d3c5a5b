/** Finds the annotation files of one format among a dataset's JSON files by their first bytes. */
import { readAt } from '../../codecs/index.ts';
import type { FoundFile } from '../tree/walk.ts';
import { openRegular } from '../../regular.ts';

/** Bytes that are read of each file, enough to contain its first key. */
const HEAD_BYTES = 64 * 1024;
/** Annotation files lie at most this many folders deep. */
const MAX_DEPTH = 3;
/**
 * At most this many JSON files are read. A dataset with more has one per image, unlike COCO and Label
 * Studio.
 */
const MAX_FILES = 1000;

/**
 * The JSON files whose first bytes `looksRight` accepts.
 * @throws the signal's reason when cancelled.
 */
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
    const file = await openRegular(path);
    try {
      return (await readAt(file, 0, HEAD_BYTES)).toString('utf8');
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** `train`, `val` or `test` if the name of the file or of a folder above it contains this word, else null. */
export function splitOfName(relative: string): string | null {
  for (const part of relative.toLowerCase().split('/').reverse()) {
    const match = /(?:^|[^a-z])(train|val|test)(?:ing|id|idation)?(?:[^a-z]|$)/.exec(part);
    if (match !== null) return match[1];
  }
  return null;
}
