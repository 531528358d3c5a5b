/** What a dataset holds beside what an export writes anew: passed on as it is. */
import { putCopy } from './target-folder.ts';
import { isImageName, walk } from '../tree/walk.ts';

/** What an earlier export wrote beside its dataset. */
export const EXPORT_RECORD = 'overread-export.json';

/**
 * Copies all files below `root` to `out`, byte for byte.
 * @param isDone whether a file, relative to the root, is written already or is to be left out.
 * @param link links the images among them.
 */
export async function putRest(
  out: string,
  root: string,
  isDone: (relative: string) => boolean,
  link: boolean,
): Promise<void> {
  for (const { path, relative } of await walk(root)) {
    if (relative === EXPORT_RECORD || isDone(relative)) continue;
    await putCopy(out, relative, path, link && isImageName(relative));
  }
}
