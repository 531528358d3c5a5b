/**
 * Makes case names for the images that an annotation file names. These images may lie anywhere in the
 * dataset.
 */
import { dirname } from 'node:path';
import { leftOut } from '../import/notices.ts';
import { commonFolder, portable } from './places.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import { idOf } from './walk.ts';
import type { FoundFile } from './walk.ts';

/**
 * Adds to each entry its case name: the image's path below the folder that all images share, without
 * the extension. An entry whose name is taken is left out with a notice.
 */
export function withIds<T extends { readonly file: FoundFile }>(
  byPath: ReadonlyMap<string, T>,
  notices: ImportNotice[],
): Map<string, T & { readonly id: string }> {
  const named = new Map<string, T & { readonly id: string }>();
  if (byPath.size === 0) return named;
  const common = commonFolder([...byPath.keys()].map((path) => dirname(path)));
  const taken = new Map<string, string>();
  for (const [path, one] of byPath) {
    const id = idOf(portable(common, path));
    const other = taken.get(id);
    if (other === undefined) {
      taken.set(id, one.file.relative);
      named.set(path, { ...one, id });
    } else {
      notices.push(leftOut(path, `has the same name as ${other}, which was taken.`));
    }
  }
  return named;
}
