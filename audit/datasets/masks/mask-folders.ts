/** Which of a dataset's folders hold masks, and which structure each is, by their names and contents. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { FoldersLayout } from './folder-layout.ts';
import type { Legend } from './legend.ts';
import { orderStructures, structureNameOf } from '../tree/structures.ts';
import { isImageName, subfolders, walk } from '../tree/walk.ts';

/** Names of a folder of images, as they are met. */
const IMAGE_FOLDERS =
  /^(images?|imgs?|imagesTr|cxrs?|cxr_?png|x-?rays?|xray_?images|radiographs?|pngs?|inputs?|data)$/i;
/** Names of a folder that holds masks, or a folder for each structure. */
const MASK_FOLDERS =
  /^(masks?|labels?|labelsTr|annotations?|segmentations?|segs?|gt|ground_?truth)$/i;
/** What lies beside a dataset and is none of it: projects, and the true masks of an experiment. */
const NOT_A_STRUCTURE = /(\.overread|^truth)$/i;

async function hasImages(folder: string): Promise<boolean> {
  return (await readdir(folder)).some(isImageName);
}

/** The images folder in `root`, or null. */
export async function imagesFolder(root: string): Promise<string | null> {
  const candidates = (await subfolders(root)).filter((name) => IMAGE_FOLDERS.test(name));
  return candidates.sort((a, b) => Number(b === 'images') - Number(a === 'images'))[0] ?? null;
}

/**
 * Folders of masks below `root`, relative to it: its own, or those in a folder called `masks`.
 * @param images the folder of images, which is none; null where they lie anywhere
 * @param isMask whether a file's name may be a mask's
 */
export async function maskFolders(
  root: string,
  images: string | null,
  isMask: (name: string) => boolean,
  signal?: AbortSignal,
): Promise<string[]> {
  const found: string[] = [];
  const imageParts = new Set(images === null ? [] : await subfolders(join(root, images)));
  for (const name of await subfolders(root)) {
    if (name === images || NOT_A_STRUCTURE.test(name)) continue;
    const inside = MASK_FOLDERS.test(name) ? await subfolders(join(root, name)) : [];
    const structures = inside.filter((part) => !imageParts.has(part));
    if (structures.length > 0 && !(await hasImages(join(root, name)))) {
      found.push(...structures.map((part) => `${name}/${part}`));
    } else if ((await walk(join(root, name), signal)).some((file) => isMask(file.relative))) {
      found.push(name);
    }
  }
  return found;
}

/** A legend as a layout keeps it. */
export const keptLegend = ({ kind, entries }: Legend) => ({
  kind,
  legend: entries.map(([value, name]): [number, string] => [value, name]),
});

/**
 * The structures of folders of masks: one folder each, or one folder whose values a legend names.
 * @throws UserError when two folders would be one structure.
 */
export function namedFolders(
  masks: readonly string[],
  legend: Legend | null,
): Pick<FoldersLayout, 'labels' | 'multi'> {
  if (legend !== null) {
    return { labels: [], multi: { from: masks[0], to: masks[0], ...keptLegend(legend) } };
  }
  const folderOf = new Map<string, string>();
  for (const folder of masks) {
    const name = structureNameOf(basename(folder));
    if (folderOf.has(name)) {
      throw new UserError(
        `The folders “${folderOf.get(name)}” and “${folder}” would both be the structure “${name}”: rename one.`,
      );
    }
    folderOf.set(name, folder);
  }
  const labels = orderStructures([...folderOf.keys()]).map((structure) => {
    const folder = folderOf.get(structure)!;
    return { structure, from: folder, to: folder };
  });
  return { labels, multi: null };
}
