/**
 * Finds the image that an annotation file names. Only files in the dataset's folder are searched, so a
 * name never leads to a file outside of it. Pure.
 */
import { posix } from 'node:path';
import type { FoundFile } from './walk.ts';
import { IMAGE_FORMATS, isImageName } from './walk.ts';

/** The folder and split of an annotation file. They decide between images with the same name. */
export interface Nearby {
  /** The annotation file's folder below the dataset's root, with `/`; '' is the root. */
  readonly folder: string;
  readonly split: string | null;
}

export type ImageFound =
  { readonly file: FoundFile } | { readonly file: null; readonly problem: string };

const withSlashes = (path: string): string => path.normalize('NFC').replace(/\\/g, '/');

const partsOf = (path: string): string[] =>
  withSlashes(path)
    .split('/')
    .filter((part) => part !== '' && part !== '.');

/** The text without percent-escapes, or null if it has none or they are wrong. */
function decoded(text: string): string | null {
  if (!/%[0-9a-f]{2}/i.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A path that a name may mean. The folders of a `foreign` path are those of another machine. */
interface Way {
  readonly parts: readonly string[];
  readonly isForeign: boolean;
}

/** The paths that a name may mean, the most literal first: a path, a URL, and both with percent-escapes. */
function waysOf(name: string): Way[] {
  const address = /^[a-z][a-z0-9+.-]+:\/\/[^/?#]*([^?#]*)/i.exec(name)?.[1];
  const texts = [name, address, decoded(name), decoded(address ?? '')];
  return texts
    .filter((text): text is string => text !== undefined && text !== null && text !== '')
    .map((text) => {
      // A path up from the annotation file leads to the root at most: what lies above is another machine's.
      const path = posix.normalize(withSlashes(text));
      const isForeign = /^(\/|[a-z]:\/|\.\.\/)/i.test(path) || text === address;
      return { parts: partsOf(path.replace(/^(\.\.\/)+/, '')), isForeign };
    });
}

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

/** How freely a name is compared with those of the images. */
interface Reading {
  /** The parts of an image's path, as they are compared. */
  readonly own: (file: FoundFile) => string[];
  /** The parts of a name, as they are compared. */
  readonly given: (parts: readonly string[]) => readonly string[];
}

const lower = (parts: readonly string[]): string[] => parts.map((part) => part.toLowerCase());

/** The readings, the most literal first. A disk of Windows or macOS knows no case; some tools drop the extension. */
const READINGS: readonly Reading[] = [
  { own: ({ relative }) => partsOf(relative), given: (parts) => parts },
  { own: ({ relative }) => lower(partsOf(relative)), given: lower },
  { own: ({ id }) => lower(partsOf(id)), given: lower },
];

/** Finds images by the names in annotation files. */
export class ImageFinder {
  /** For each reading, the images by the last part of their path. */
  readonly #byName = READINGS.map(() => new Map<string, FoundFile[]>());
  /** Names of the files that are not named like an image. */
  readonly #others = new Set<string>();

  /** @param files all files of the dataset, from `walk` */
  constructor(files: readonly FoundFile[]) {
    for (const file of files) {
      const name = partsOf(file.relative).at(-1)!;
      if (!isImageName(file.relative)) {
        this.#others.add(name);
        continue;
      }
      READINGS.forEach(({ own }, i) => {
        const last = own(file).at(-1)!;
        const same = this.#byName[i].get(last);
        if (same === undefined) this.#byName[i].set(last, [file]);
        else same.push(file);
      });
    }
  }

  /**
   * Finds the image for a name, path or URL. A relative path and the image's path must agree, counted from the
   * file name, in all folders that both have. An absolute path, a URL or a path that leads out of the dataset
   * comes from another machine, so its folders only decide between images with the same name. If no image has
   * the name, one is taken that has it in other case, or with an extension.
   */
  find(name: string, nearby: Nearby): ImageFound {
    const ways = waysOf(name);
    for (const [reading, way] of READINGS.flatMap((_, i) => ways.map((one) => [i, one] as const))) {
      const files = this.#at(way, nearby, reading);
      if (files.length === 1) return { file: files[0] };
      if (files.length > 1) {
        const where = files.slice(0, 2).map(({ relative }) => relative);
        const problem = `names the image “${name}”, which could be ${where.join(' or ')}: name its folder, too.`;
        return { file: null, problem };
      }
    }
    const other = ways.find(({ parts }) => this.#others.has(parts.at(-1) ?? ''));
    const why =
      other !== undefined
        ? `which is there, but is no image that is read (${IMAGE_FORMATS}): save it as PNG`
        : partsOf(name).includes('..')
          ? 'which is outside of the dataset'
          : 'which is not in the dataset';
    return { file: null, problem: `names the image “${name}”, ${why}.` };
  }

  /** The images that a path may mean; several if nothing decides between them. */
  #at(way: Way, { folder, split }: Nearby, reading: number): FoundFile[] {
    const { own, given } = READINGS[reading];
    const { isForeign } = way;
    const parts = given(way.parts);
    const shared = (file: FoundFile) => sharedParts(parts, own(file));
    let left = (this.#byName[reading].get(parts.at(-1) ?? '') ?? []).filter((file) => {
      const same = shared(file);
      return isForeign || same === parts.length || same === own(file).length;
    });
    if (left.length === 0) return [];
    if (isForeign) {
      const most = Math.max(...left.map(shared));
      left = left.filter((file) => shared(file) === most);
    }
    left = preferring(left, ({ relative }) => folder !== '' && relative.startsWith(`${folder}/`));
    return preferring(left, ({ relative }) => {
      const folders = partsOf(relative).slice(0, -1);
      return split !== null && folders.some((part) => part.toLowerCase().startsWith(split));
    });
  }
}
