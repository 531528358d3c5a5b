/** Finds the folders of masks in a dataset, and their structures, by names and contents. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { FoldersLayout } from './folder-layout.ts';
import type { Legend } from './legend.ts';
import { orderStructures, structureNameOf } from '../tree/structures.ts';
import { isImageName, subfolders, walk } from '../tree/walk.ts';

/** Usual names of a folder of images. */
const IMAGE_FOLDERS =
  /^(images?|imgs?|imagesTr|cxrs?|cxr_?png|x-?rays?|xray_?images|radiographs?|pngs?|inputs?|data)$/i;
/** Usual names of a folder that contains masks, or a subfolder of masks for each structure. */
const MASK_FOLDERS =
  /^(masks?|labels?|labelsTr|annotations?|segmentations?|segs?|gt|ground_?truth)$/i;
/** Names of folders that are not masks of a structure: projects, and the true masks of an experiment. */
const NOT_A_STRUCTURE = /(\.overread|^truth)$/i;

async function hasImages(folder: string): Promise<boolean> {
  return (await readdir(folder)).some(isImageName);
}

/** @returns the name of the images folder in `root`, or null if there is none. */
export async function imagesFolder(root: string): Promise<string | null> {
  const candidates = (await subfolders(root)).filter((name) => IMAGE_FOLDERS.test(name));
  return candidates.sort((a, b) => Number(b === 'images') - Number(a === 'images'))[0] ?? null;
}

/**
 * The folders of masks, relative to `root`. They lie directly in `root`, or in a folder such as `masks`.
 * @param images the folder of images, or null if images may lie anywhere
 * @param isMask whether a file may be a mask, by its name
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

/** A legend in the form that the layout stores. */
export const keptLegend = ({ kind, entries, background }: Legend) => ({
  kind,
  legend: entries.map(([value, name]): [number, string] => [value, name]),
  background: [...background],
});

/**
 * Gives the mask folders their structures. Without a legend, each folder is one structure. With a legend,
 * the first folder holds multi-valued masks of all structures in the legend.
 * @throws UserError when two folders give the same structure.
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
