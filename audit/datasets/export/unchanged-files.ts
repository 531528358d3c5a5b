/** Copies the files of a dataset that an export does not rewrite. */
import { putCopy } from './target-folder.ts';
import { isImageName, walk } from '../tree/walk.ts';

/** The file in which an export lists its verdicts and corrections. */
export const EXPORT_RECORD = 'overread-export.json';

/**
 * Copies the files below `root` to `out`, byte for byte, except the record of an earlier export.
 * @param isDone whether to skip a path (relative to `root`), because it is written already or left out
 * @param link whether to link images instead of copying them
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
