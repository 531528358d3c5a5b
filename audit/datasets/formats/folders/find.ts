/**
 * Finds the folders of images and masks: those that the options name, or those below a root that are
 * recognised by names and contents.
 */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { readRegular } from '../../../regular.ts';
import { newMaskFolder } from '../../masks/folder-layout.ts';
import type { FoldersLayout } from '../../masks/folder-layout.ts';
import { imagesFolder, keptLegend, maskFolders, namedFolders } from '../../masks/mask-folders.ts';
import {
  LegendOption,
  findLegend,
  isLegendFile,
  legendOf,
  parseLegend,
} from '../../masks/legend.ts';
import type { Legend } from '../../masks/legend.ts';
import { leftOut } from '../../import/notices.ts';
import { commonFolder, isWithin, portable } from '../../tree/places.ts';
import { SPLITS_FILE } from '../../tree/splits.ts';
import { checkStructureName } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import { isImageName, subfolders } from '../../tree/walk.ts';

/** The options of the reader `folders`. If they name no folder, the folders are searched below the root. */
export const FoldersOptions = z.object({
  images: z.string().optional(),
  /** Structure → folder of its masks. */
  labels: z.record(z.string(), z.string()).optional(),
  /** Folder of multi-valued masks, with a legend. */
  masks: z.string().optional(),
  /** The legend: value → structure as an object, or the path of a file that holds a legend. */
  legend: z.union([LegendOption, z.string()]).optional(),
  /** Structures that have no masks yet: a person draws them. With one, `unlabelled` is true. */
  structures: z.array(z.string()).optional(),
  /** Whether images without a mask become cases. Without it they are left out with a notice. */
  unlabelled: z.boolean().optional(),
});
export type FoldersOptions = z.infer<typeof FoldersOptions>;

/** The folders of a dataset. */
export interface FoldersPlan {
  readonly root: string;
  readonly layout: FoldersLayout;
  /** The folders that are read, absolute. */
  readonly folders: readonly string[];
  readonly notices: readonly ImportNotice[];
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** @returns why `root` looks like a dataset of folders, or null if it does not. */
export async function recogniseFolders(root: string, signal?: AbortSignal): Promise<string | null> {
  if (!(await isFolder(root))) return null;
  const images = await imagesFolder(root);
  if (images === null) return null;
  const masks = await maskFolders(root, images, isImageName, signal);
  if (masks.length === 0) return null;
  return `it has a folder of images (${images}) and of masks (${masks.join(', ')})`;
}

async function extrasOf(root: string): Promise<string[]> {
  const names = await readdir(root).catch(() => [] as string[]);
  return names.filter((name) => name === SPLITS_FILE || isLegendFile(name)).sort();
}

async function givenLegend(given: FoldersOptions['legend']): Promise<Legend | null> {
  if (given === undefined) return null;
  if (typeof given !== 'string') return legendOf(given);
  const found = await readRegular(given, 'utf8').catch(() => {
    throw new UserError(`${given} cannot be read: name the file of the legend.`);
  });
  return parseLegend(found, given);
}

/**
 * Adds the structures that a person is to draw, if the dataset does not have them.
 * @throws UserError when the masks are multi-valued: their legend names all structures
 */
function withDrawn(layout: FoldersLayout, { structures = [] }: FoldersOptions): FoldersLayout {
  structures.forEach((name) => checkStructureName(name));
  const known = layout.labels.map(({ structure }) => structure);
  const drawn = [...new Set(structures)].filter((name) => !known.includes(name));
  if (drawn.length === 0) return layout;
  if (layout.multi === null) {
    const { to } = layout.images;
    const labels = drawn.map((structure) => ({
      structure,
      from: null,
      to: newMaskFolder(structure, to),
    }));
    return { ...layout, labels: [...layout.labels, ...labels] };
  }
  const named = layout.multi.legend.map(([, structure]) => structure);
  const other = drawn.find((name) => !named.includes(name));
  if (other === undefined) return layout;
  throw new UserError(
    `The legend of the masks does not name “${other}”: give it a value in the legend.`,
  );
}

/** Whether the folder itself, not one below it, holds images. */
async function holdsImages(folder: string): Promise<boolean> {
  return (await readdir(folder).catch(() => [] as string[])).some(isImageName);
}

/**
 * A sentence for a folder of images without masks, or null for another folder.
 */
export async function imagesAlone(source: string): Promise<string | null> {
  if (!(await isFolder(source))) return null;
  const images = await imagesFolder(source);
  if (images === null && !(await holdsImages(source))) return null;
  if (images !== null && !(await holdsImages(join(source, images)))) return null;
  return (
    `${source} has images but no masks: name the folders of the masks (--labels), ` +
    'or the structures that you want to draw (--structures).'
  );
}

/**
 * Searches `source` for the folders of images and masks.
 * @throws UserError when there is no folder of images or of masks.
 */
async function planFromRoot(
  source: string,
  given: FoldersOptions,
  signal?: AbortSignal,
): Promise<FoldersPlan> {
  const root = resolve(source);
  // Called only to throw if the folder does not exist.
  await subfolders(root);
  const images = await imagesFolder(root);
  const draws = (given.structures ?? []).length > 0;
  if (images === null && draws && (await holdsImages(root))) {
    return planFromOptions('', { ...given, images: root });
  }
  if (images === null) {
    throw new UserError(`${root} has no folder called “images”: name the one to use (--images).`);
  }
  const masks = await maskFolders(root, images, isImageName, signal);
  if (masks.length === 0 && !draws) {
    throw new UserError(`${root} has no folder of masks beside “${images}”: name it (--labels).`);
  }
  const notices: ImportNotice[] = [];
  let legend = await givenLegend(given.legend);
  if (legend === null && masks.length === 1) {
    const found = (await findLegend(join(root, masks[0]))) ?? (await findLegend(root));
    legend = found?.legend ?? null;
  } else if (legend === null) {
    const found = await findLegend(root);
    if (found !== null) {
      const reason = 'is not used: it names the values of one mask folder, and there are several.';
      notices.push(leftOut(found.file, reason));
    }
  } else if (masks.length > 1) {
    throw new UserError(
      `A legend is for one folder of masks, but ${root} has ${masks.length}: name it (--labels).`,
    );
  }
  const layout = {
    whole: true,
    images: { from: images, to: images },
    ...namedFolders(masks, legend),
    extras: await extrasOf(root),
  };
  return { root, layout, folders: [root], notices };
}

/** @throws UserError when a folder that the options name does not exist. */
async function planFromOptions(source: string, given: FoldersOptions): Promise<FoldersPlan> {
  const labels = Object.entries(given.labels ?? {});
  let masks = given.masks;
  // One folder with a legend holds multi-valued masks, so the option's structure name is not used.
  if (masks === undefined && labels.length === 1 && given.legend !== undefined)
    masks = labels[0][1];
  if (given.images === undefined) throw new UserError('Name the folder of images with --images.');
  if (masks === undefined && labels.length === 0 && (given.structures ?? []).length === 0) {
    throw new UserError(
      'Name at least one folder of masks with --labels NAME=DIR, or a structure to draw with --structures NAME.',
    );
  }
  const images = resolve(given.images);
  const folders = (masks === undefined ? labels.map(([, folder]) => folder) : [masks]).map((path) =>
    resolve(path),
  );
  for (const folder of [images, ...folders]) {
    if (!(await isFolder(folder))) {
      throw new UserError(`${folder} is not a folder: name one that holds the dataset's files.`);
    }
  }
  for (const folder of folders) {
    if (folder === images) {
      throw new UserError(
        `${folder} is named for the images and for masks: they must be two folders.`,
      );
    }
  }
  const all = [images, ...folders];
  const inSource =
    source !== '' &&
    all.every((folder) => isWithin(folder, resolve(source)) && folder !== resolve(source));
  const root = inSource ? resolve(source) : commonFolder(all.map(dirname));
  // An export keeps the paths of folders that all lie below `source` or side by side. Otherwise it names the
  // folder of images `images`, and the others `masks` or after their structures.
  const together = inSource || all.every((folder) => dirname(folder) === root);
  const place = (folder: string, name: string) => {
    const from = portable(root, folder);
    return { from, to: together ? from : name };
  };
  const extras = together ? await extrasOf(root) : [];
  const base = { whole: false, images: place(images, 'images'), extras };
  if (masks !== undefined) {
    const legend =
      (await givenLegend(given.legend)) ??
      (await findLegend(folders[0]))?.legend ??
      (await findLegend(dirname(folders[0])))?.legend;
    if (legend === undefined) {
      throw new UserError(
        `The masks in ${folders[0]} need a legend that names the structure of each value: ` +
          'put a legend.json such as {"1": "lung"} beside them.',
      );
    }
    const multi = { ...place(folders[0], 'masks'), ...keptLegend(legend) };
    return { root, layout: { ...base, labels: [], multi }, folders: all, notices: [] };
  }
  labels.forEach(([name]) => checkStructureName(name));
  const layout = {
    ...base,
    labels: labels.map(([structure], i) => ({ structure, ...place(folders[i], structure) })),
    multi: null,
  };
  return { root, layout, folders: all, notices: [] };
}

/**
 * Finds the folders of a dataset: those in the options, or those below `source`. If all folders in the
 * options lie below `source`, then `source` is the dataset's root, and an export keeps the folders'
 * paths.
 */
export async function planFolders(
  source: string,
  options: FoldersOptions,
  signal?: AbortSignal,
): Promise<FoldersPlan> {
  const areNamed =
    options.images !== undefined || options.labels !== undefined || options.masks !== undefined;
  const plan = await (areNamed
    ? planFromOptions(source, options)
    : planFromRoot(source, options, signal));
  return { ...plan, layout: withDrawn(plan.layout, options) };
}
