/** Reads `data.yaml`: the classes, and the folders of images with their splits. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { isWithin, portable } from '../../tree/places.ts';
import { structureNameOf } from '../../tree/structures.ts';
import { readText } from '../../tree/text.ts';
import { subfolders, walk } from '../../tree/walk.ts';

const Places = z.union([z.string(), z.array(z.string())]).nullish();
const DataFile = z.object({
  path: z.string().nullish(),
  train: Places,
  val: Places,
  test: Places,
  names: z.union([z.array(z.coerce.string()), z.record(z.string(), z.coerce.string())]),
});
type DataFile = z.infer<typeof DataFile>;

const SPLITS = ['train', 'val', 'test'] as const;
const LIKELY = /^(data|dataset)\.ya?ml$/i;

export interface YoloPlan {
  readonly file: string;
  /** Class number → structure. */
  readonly classes: readonly (readonly [number, string])[];
  /** Absolute paths of the folders of images. `split` is null if the dataset names no split. */
  readonly folders: readonly { readonly folder: string; readonly split: string | null }[];
}

/** The path of `data.yaml` or `dataset.yaml`, else of the first other YAML file; null if there is none. */
async function findDataFile(root: string): Promise<string | null> {
  const names = (await readdir(root).catch(() => [] as string[])).filter((name) =>
    /\.ya?ml$/i.test(name),
  );
  const name = names.find((candidate) => LIKELY.test(candidate)) ?? names.sort()[0];
  return name === undefined ? null : join(root, name);
}

/** Lists of classes that stand alone: of Label Studio's export, and of darknet's. */
const LISTS = ['classes.txt', 'obj.names'];

/** The file that names the classes: `data.yaml`, else a list of names beside the folder “labels”. */
async function findClasses(root: string): Promise<string | null> {
  const file = await findDataFile(root);
  if (file !== null || !(await hasLabels(root))) return file;
  const names = await readdir(root);
  const list = LISTS.find((name) => names.includes(name));
  return list === undefined ? null : join(root, list);
}

/**
 * The most characters that `data.yaml` may have, because long YAML is slow to parse. The names of a
 * thousand classes take about a third of that.
 */
const MAX_DATA_FILE = 100_000;

/** The most levels that `data.yaml` may have; it needs three. */
const MAX_LEVELS = 20;
/** Levels that one line opens in YAML's block style. */
const LINE_LEVELS = new RegExp(`(?:[-?:][ \\t]+){${MAX_LEVELS}}`);

/** Whether a text has so many levels that parsing it takes minutes or ends the process. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1);
    if (depth > MAX_LEVELS) return true;
  }
  return LINE_LEVELS.test(text);
}

function parseDataFile(text: string, file: string): DataFile {
  if (text.length > MAX_DATA_FILE) {
    throw new UserError(
      `${file} is longer than 100 KB: shorten it, but keep the names of the classes.`,
    );
  }
  let given: unknown;
  if (LISTS.includes(basename(file))) {
    return { names: text.split(/\r?\n/).filter((line) => line.trim() !== '') };
  }
  if (isDeep(text)) {
    throw new UserError(
      `${file} has more than ${MAX_LEVELS} levels: keep the paths and the names of the classes alone.`,
    );
  }
  try {
    given = parse(text, { logLevel: 'silent' });
  } catch {
    throw new UserError(`${file} is not valid YAML: correct it.`);
  }
  const data = DataFile.safeParse(given);
  if (data.success) return data.data;
  throw new UserError(`${file} must hold the names of the classes, such as names: {0: lung}.`);
}

function classesOf(names: DataFile['names'], file: string): (readonly [number, string])[] {
  const pairs = Array.isArray(names)
    ? names.map((name, number) => [number, name] as const)
    : Object.entries(names).map(([number, name]) => [Number(number), name] as const);
  const seen = new Set<string>();
  return pairs.map(([number, name]) => {
    const structure = structureNameOf(name);
    if (!Number.isInteger(number) || number < 0 || seen.has(structure)) {
      throw new UserError(`${file} must give each class a number and a name of its own.`);
    }
    seen.add(structure);
    return [number, structure] as const;
  });
}

const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false;

/**
 * The folder for a path in `data.yaml`, or null if it does not exist below `root`. The path may have been
 * written on another machine, so it is resolved in several ways.
 */
async function folderAt(root: string, data: DataFile, place: string): Promise<string | null> {
  const parts = place.split(/[/\\]/).filter((part) => !['', '.', '..'].includes(part));
  const ways = [
    resolve(root, data.path ?? '', place),
    resolve(root, place),
    // The path without the folders of the other machine, one after another.
    ...parts.map((_, from) => resolve(root, ...parts.slice(from))),
  ];
  for (const way of ways) if (isWithin(way, root) && (await isFolder(way))) return way;
  return null;
}

async function foldersOf(root: string, data: DataFile): Promise<YoloPlan['folders']> {
  const folders: { folder: string; split: string | null }[] = [];
  for (const split of SPLITS) {
    for (const place of [data[split] ?? []].flat()) {
      const folder = await folderAt(root, data, place);
      const isTwice = folders.some((other) => other.folder === folder);
      if (folder !== null && !isTwice) folders.push({ folder, split });
    }
  }
  if (folders.length > 0) return folders;
  // None of the paths exists. They may come from another machine, so the usual folders are tried.
  const images = join(root, 'images');
  if (!(await isFolder(images))) return [];
  const parts = await subfolders(images);
  if (parts.length === 0) return [{ folder: images, split: null }];
  return parts.map((part) => ({ folder: join(images, part), split: part }));
}

/** The sentence for YOLO's text files without their images, as Label Studio exports them; null if it is not so. */
async function withoutImages(root: string): Promise<string | null> {
  const [folders, names] = [await subfolders(root), await readdir(root)];
  const isLike = LISTS.some((list) => names.includes(list)) && folders.includes('labels');
  if (!isLike || folders.includes('images')) return null;
  const labels = await walk(join(root, 'labels'));
  return labels.some(({ relative }) => relative.endsWith('.txt'))
    ? `${root} has outlines of YOLO in “labels”, but no folder “images”: put the images there, ` +
        'or export “YOLO with Images” from Label Studio.'
    : null;
}

/** Whether the folders “images” and “labels” stand side by side in a folder below `root`, such as `train`. */
async function hasSplits(root: string): Promise<boolean> {
  for (const folder of await subfolders(root)) if (await hasLabels(join(root, folder))) return true;
  return false;
}

/**
 * The sentence for a folder that is nearly a YOLO dataset: it has a `data.yaml`, or the folders of images and
 * labels. Null if it has neither.
 */
export async function nearlyYolo(root: string): Promise<string | null> {
  const names = await readdir(root);
  const bare = await withoutImages(root);
  if (bare !== null) return bare;
  const isLike =
    names.some((name) => LIKELY.test(name)) || (await hasLabels(root)) || (await hasSplits(root));
  if (!isLike) return null;
  return planYolo(root).then(
    () => null,
    (error: unknown) => (error instanceof UserError ? error.message : null),
  );
}

/** Whether the folders “images” and “labels” stand side by side, with a text file in the labels. */
async function hasLabels(root: string): Promise<boolean> {
  const folders = await subfolders(root).catch(() => [] as string[]);
  if (!folders.includes('images') || !folders.includes('labels')) return false;
  return (await walk(join(root, 'labels'))).some(({ relative }) => relative.endsWith('.txt'));
}

/** @throws UserError when the folder is not a YOLO dataset. */
export async function planYolo(root: string): Promise<YoloPlan> {
  const file = await findClasses(root);
  if (file === null) {
    throw new UserError(`${root} has no data.yaml, which names the classes: put it there.`);
  }
  const data = parseDataFile(await readText(file), file);
  const folders = await foldersOf(root, data);
  if (folders.length === 0) {
    throw new UserError(`${file} names no folder of images that is there: correct its “train”.`);
  }
  return { file, classes: classesOf(data.names, file), folders };
}

/** The id of a case: its image's path relative to the root, without the folder `images` and the extension. */
export function yoloId(root: string, image: string): string {
  const parts = portable(root, image).split('/');
  const at = parts.indexOf('images');
  if (at >= 0) parts.splice(at, 1);
  return parts
    .join('/')
    .replace(/\.[^./]*$/, '')
    .normalize('NFC');
}
