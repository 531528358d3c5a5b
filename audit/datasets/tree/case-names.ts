/**
 * Makes case names for the images that an annotation file names. These images may lie anywhere in the
 * dataset.
 */
import { dirname } from 'node:path';
import { commonFolder, portable } from './places.ts';
import { idOf } from './walk.ts';
import type { FoundFile } from './walk.ts';

/**
 * The name of the case of an image: its path without the extension. If another case has this name, as
 * `image1.png` has beside `image1.jpg`, the extension stays.
 * @param relative the path of the image, with `/`
 */
export function freeId(relative: string, isTaken: (id: string) => boolean): string {
  const id = idOf(relative);
  if (!isTaken(id)) return id;
  const whole = relative.normalize('NFC');
  let free = whole;
  for (let next = 2; isTaken(free); next += 1) free = `${whole} ${next}`;
  return free;
}

/**
 * Adds to each entry its case name: the image's path below the folder that all images share, without
 * the extension.
 */
export function withIds<T extends { readonly file: FoundFile }>(
  byPath: ReadonlyMap<string, T>,
): Map<string, T & { readonly id: string }> {
  const named = new Map<string, T & { readonly id: string }>();
  if (byPath.size === 0) return named;
  const common = commonFolder([...byPath.keys()].map((path) => dirname(path)));
  const taken = new Set<string>();
  for (const [path, one] of byPath) {
    const id = freeId(portable(common, path), (name) => taken.has(name));
    taken.add(id);
    named.set(path, { ...one, id });
  }
  return named;
}
