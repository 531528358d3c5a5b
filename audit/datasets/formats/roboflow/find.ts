/** Finds the folders in which masks lie beside their images, and a file names their classes. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { freeId } from '../../tree/case-names.ts';
import { leftOut } from '../../import/notices.ts';
import { ROBOFLOW_CLASSES, parseLegend } from '../../masks/legend.ts';
import type { Legend } from '../../masks/legend.ts';
import { NO_IMAGE } from '../../masks/matching.ts';
import { readText } from '../../tree/text.ts';
import { idOf, isImageName, subfolders } from '../../tree/walk.ts';
import type { ImportNotice } from '../../../contract/terms.ts';

/** The end of a mask's name. What stands before it is the name of its image without the extension. */
const MASK = /_mask\.png$/i;

/** An image and the mask beside it: paths relative to the root, with `/`. */
export interface FoundPair {
  readonly id: string;
  readonly image: string;
  readonly mask: string;
}

/** A folder with its classes and pairs. */
export interface FoundFolder {
  /** The folder's name in the root, or `.` for the root itself. */
  readonly folder: string;
  readonly legend: Legend;
  readonly pairs: readonly FoundPair[];
}

/** Whether a list of file names is that of a folder of this format. */
const isLike = (names: readonly string[]): boolean =>
  names.includes(ROBOFLOW_CLASSES) && names.some((name) => MASK.test(name));

/** The names of the folders of this format: `.` for the root, or folders directly in it. */
export async function roboflowFolders(root: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of ['.', ...(await subfolders(root))]) {
    if (isLike(await readdir(join(root, folder)))) found.push(folder);
  }
  return found;
}

/**
 * The pairs of a folder. Images and masks without a partner get a notice. Two images with one stem share the
 * mask of this name, so the first is taken.
 */
function pairsIn(
  root: string,
  folder: string,
  names: readonly string[],
  notices: ImportNotice[],
): FoundPair[] {
  const place = (name: string) => (folder === '.' ? name : `${folder}/${name}`);
  const images = names.filter((name) => isImageName(name) && !MASK.test(name)).sort();
  const imageOf = new Map<string, string>();
  for (const name of images) {
    const other = imageOf.get(idOf(name));
    if (other === undefined) imageOf.set(idOf(name), name);
    else {
      const reason = `has the same name as ${other}, which has the mask of this name.`;
      notices.push(leftOut(join(root, place(name)), reason));
    }
  }
  const pairs: FoundPair[] = [];
  const masked = new Set<string>();
  for (const mask of names.filter((name) => MASK.test(name)).sort()) {
    const stem = mask.replace(MASK, '').normalize('NFC');
    const image = imageOf.get(stem);
    if (image === undefined || masked.has(stem)) {
      notices.push(leftOut(join(root, place(mask)), NO_IMAGE));
      continue;
    }
    masked.add(stem);
    pairs.push({ id: freeId(place(image), () => false), image: place(image), mask: place(mask) });
  }
  for (const [stem, name] of imageOf) {
    if (!masked.has(stem)) {
      const reason = `has no mask beside it: it would be called ${stem}_mask.png.`;
      notices.push(leftOut(join(root, place(name)), reason));
    }
  }
  return pairs;
}

/**
 * Finds the folders of this format with their classes and pairs.
 * @throws UserError when a file of classes cannot be used.
 */
export async function findRoboflow(
  root: string,
  signal?: AbortSignal,
): Promise<{ folders: FoundFolder[]; notices: ImportNotice[] }> {
  const folders: FoundFolder[] = [];
  const notices: ImportNotice[] = [];
  for (const folder of await roboflowFolders(root)) {
    signal?.throwIfAborted();
    const file = join(root, folder, ROBOFLOW_CLASSES);
    const legend = parseLegend(await readText(file), file);
    const names = await readdir(join(root, folder));
    folders.push({ folder, legend, pairs: pairsIn(root, folder, names, notices) });
  }
  return { folders, notices };
}
