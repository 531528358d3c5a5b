/**
 * Finds the image that an annotation file names. Only files in the dataset's folder are searched, so a
 * name never leads to a file outside of it. Pure.
 */
import type { FoundFile } from './walk.ts';
import { isImageName } from './walk.ts';

/** The folder and split of an annotation file. They decide between images with the same name. */
export interface Nearby {
  /** The annotation file's folder below the dataset's root, with `/`; '' is the root. */
  readonly folder: string;
  readonly split: string | null;
}

export type ImageFound =
  { readonly file: FoundFile } | { readonly file: null; readonly problem: string };

const partsOf = (path: string): string[] =>
  path
    .normalize('NFC')
    .replace(/\\/g, '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.');

/** Number of parts that two paths share, counted backwards from the file name. */
function sharedParts(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count += 1;
  return count;
}

/** The files for which `keep` is true, or all files if it is true for none. */
function preferring(files: readonly FoundFile[], keep: (file: FoundFile) => boolean): FoundFile[] {
  const kept = files.filter(keep);
  return kept.length > 0 ? kept : [...files];
}

/** Finds images by the names in annotation files. */
export class ImageFinder {
  readonly #byName = new Map<string, FoundFile[]>();

  /** @param files all files of the dataset, from `walk` */
  constructor(files: readonly FoundFile[]) {
    for (const file of files) {
      if (!isImageName(file.relative)) continue;
      const name = partsOf(file.relative).at(-1)!;
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [file]);
      else same.push(file);
    }
  }

  /**
   * Finds the image for a name or path. A relative path and the image's path must agree, counted from the
   * file name, in all folders that both have. An absolute path comes from another machine, so its folders
   * only decide between images with the same name.
   */
  find(name: string, nearby: Nearby): ImageFound {
    const parts = partsOf(name);
    if (parts.includes('..')) {
      return { file: null, problem: `names the image “${name}”, which is outside of the dataset.` };
    }
    const isAbsolute = /^([/\\]|[a-z]:[/\\])/i.test(name);
    const found = (this.#byName.get(parts.at(-1) ?? '') ?? []).filter((file) => {
      const own = partsOf(file.relative);
      const same = sharedParts(parts, own);
      return isAbsolute || same === parts.length || same === own.length;
    });
    if (found.length === 0) {
      return { file: null, problem: `names the image “${name}”, which is not in the dataset.` };
    }
    const { folder, split } = nearby;
    let left = found;
    if (isAbsolute) {
      const most = Math.max(...left.map((file) => sharedParts(parts, partsOf(file.relative))));
      left = left.filter((file) => sharedParts(parts, partsOf(file.relative)) === most);
    }
    left = preferring(left, ({ relative }) => folder !== '' && relative.startsWith(`${folder}/`));
    left = preferring(left, ({ relative }) => {
      const folders = partsOf(relative).slice(0, -1);
      return split !== null && folders.some((part) => part.toLowerCase().startsWith(split));
    });
    if (left.length === 1) return { file: left[0] };
    const where = left.slice(0, 2).map(({ relative }) => relative);
    return {
      file: null,
      problem: `names the image “${name}”, which could be ${where.join(' or ')}: name its folder, too.`,
    };
  }
}
