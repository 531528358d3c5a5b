/**
 * Makes the cases of a COCO dataset for the reader and the writer: finds the COCO files, the image of
 * each entry, and the annotations that form one label.
 */
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { withIds } from '../../tree/case-names.ts';
import { CocoIndex } from './annotations.ts';
import type { CocoImage } from './annotations.ts';
import { ImageFinder } from '../../tree/image-names.ts';
import { jsonFilesLike, splitOfName } from '../../json/find.ts';
import { leftOut } from '../../import/notices.ts';
import { pathWithin, portable } from '../../tree/places.ts';
import { Steps, bytesOf } from '../../import/steps.ts';
import { newStructureName } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { Looking } from '../../types.ts';
import { walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** The facts that an export needs from the import; the project stores them. */
export const CocoLayout = z.object({
  /** Paths of the COCO files below the root, with `/`. */
  files: z.array(z.string()),
  /** Structure → name of its category, which may contain characters that a structure's name may not. */
  structures: z.record(z.string(), z.string()),
});
export type CocoLayout = z.infer<typeof CocoLayout>;

/** An entry in a file's list of images. */
export interface CocoEntry {
  readonly index: CocoIndex;
  readonly image: CocoImage;
}

/** The annotations of one structure in one image. Without annotations the label is empty. */
export interface CocoLabel extends CocoEntry {
  /** Indices of the annotations in the file's list. */
  readonly places: readonly number[];
}

export interface CocoCase {
  readonly id: string;
  readonly file: FoundFile;
  readonly split: string | null;
  /** Every entry for this image, in the order of the files. */
  readonly entries: readonly CocoEntry[];
  /** The labels by structure; empty if no annotation draws a mask in the image. */
  readonly labels: ReadonlyMap<string, CocoLabel>;
}

export interface CocoPlan {
  readonly root: string;
  readonly files: readonly CocoIndex[];
  /** Structure → name of its category, in the order of the categories. */
  readonly structures: ReadonlyMap<string, string>;
  /** The cases by the absolute path of their image. */
  readonly cases: ReadonlyMap<string, CocoCase>;
  readonly notices: readonly ImportNotice[];
}

const looksLikeCoco = (head: string): boolean =>
  head.startsWith('{') && /"(images|annotations|categories)"\s*:\s*\[/.test(head);

/** The COCO files among `files`, recognised by their first bytes. */
export function findCocoFiles(
  files: readonly FoundFile[],
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  return jsonFilesLike(files, looksLikeCoco, signal);
}

/** Gives a structure to each category that has annotations with a mask. */
function structuresOf(files: readonly CocoIndex[], notices: ImportNotice[]): Map<string, string> {
  const structures = new Map<string, string>();
  const categories = new Map<string, string>();
  for (const index of files) {
    const drawn = new Set([...index.drawn.values()].flatMap((places) => [...places.keys()]));
    for (const [key, { name }] of index.categories) {
      if (categories.has(name)) continue;
      if (!drawn.has(key)) {
        if (files.length === 1) {
          notices.push(
            leftOut(index.path, `has the category “${name}”, but no annotation that draws it.`),
          );
        }
        continue;
      }
      const structure = newStructureName(name, structures);
      structures.set(structure, name);
      categories.set(name, structure);
    }
  }
  return structures;
}

interface Draft {
  readonly file: FoundFile;
  readonly split: string | null;
  readonly entries: CocoEntry[];
  readonly labels: Map<string, CocoLabel>;
}

class Planner {
  readonly drafts = new Map<string, Draft>();
  readonly notices: ImportNotice[] = [];
  readonly #finder: ImageFinder;
  readonly #structureOf: ReadonlyMap<string, string>;

  constructor(finder: ImageFinder, structureOf: ReadonlyMap<string, string>) {
    this.#finder = finder;
    this.#structureOf = structureOf;
  }

  async add(index: CocoIndex, place: string, steps: Steps): Promise<void> {
    const folder = place.split('/').slice(0, -1).join('/');
    const split = splitOfName(place);
    const nameOf = new Map<string, string>();
    for (const [key, image] of index.images) {
      await steps.take(0);
      const found = this.#finder.find(image.name, { folder, split });
      if (found.file === null) {
        this.notices.push(leftOut(index.path, found.problem));
        continue;
      }
      const { file } = found;
      const other = nameOf.get(file.path);
      if (other !== undefined && other !== image.name) {
        const reason = `names ${file.relative} twice, as “${other}” and as “${image.name}”: the first was taken.`;
        this.notices.push(leftOut(index.path, reason));
        continue;
      }
      nameOf.set(file.path, image.name);
      const draft = this.drafts.get(file.path) ?? {
        file,
        split,
        entries: [],
        labels: new Map<string, CocoLabel>(),
      };
      this.drafts.set(file.path, draft);
      draft.entries.push({ index, image });
      this.#labels(draft, index, image, index.drawn.get(key));
    }
  }

  #labels(
    draft: Draft,
    index: CocoIndex,
    image: CocoImage,
    drawn: ReadonlyMap<string, readonly number[]> | undefined,
  ): void {
    if (drawn === undefined) return;
    for (const [key, { name }] of index.categories) {
      const structure = this.#structureOf.get(name);
      if (structure === undefined) continue;
      const places = drawn.get(key) ?? [];
      if (places.length === 0 && index.undrawn.get(String(image.id))?.has(key) === true) continue;
      const label = draft.labels.get(structure);
      if (label === undefined || (label.places.length === 0 && places.length > 0)) {
        draft.labels.set(structure, { index, image, places });
      } else if (label.index === index) {
        // Annotations of two categories with one name, or of two entries for one image, join in one label.
        draft.labels.set(structure, { ...label, places: [...label.places, ...places] });
      } else if (places.length > 0) {
        const reason = `draws “${name}” of ${draft.file.relative} again: the label of ${label.index.path} was taken.`;
        this.notices.push(leftOut(index.path, reason));
      }
    }
  }
}

/**
 * Reads the COCO files.
 * @param isLenient if true, a file that cannot be used is left out with a notice, unless it is the only
 *   one
 */
async function readFiles(
  paths: readonly string[],
  isLenient: boolean,
  notices: ImportNotice[],
  steps: Steps,
): Promise<CocoIndex[]> {
  const files: CocoIndex[] = [];
  for (const path of paths) {
    try {
      files.push(await CocoIndex.read(path, steps));
    } catch (error) {
      // Skips such a file, because COCO's own folders also hold files of captions, which lack categories.
      if (!(error instanceof UserError) || !isLenient || paths.length === 1) throw error;
      notices.push(leftOut(path, error.message.replace(`${path} `, '')));
    }
  }
  return files;
}

/**
 * Reads the COCO files of a dataset's folder.
 * @param layout the layout of an earlier import, or null to use every file that looks like COCO
 * @throws UserError when no COCO file can be used, or a file of `layout` cannot be used; the signal's reason
 *   when cancelled.
 */
export async function planCoco(
  root: string,
  layout: CocoLayout | null,
  looking: Looking = {},
): Promise<CocoPlan> {
  const { signal } = looking;
  const found = await walk(root, signal);
  const places = layout?.files ?? (await findCocoFiles(found, signal)).map((file) => file.relative);
  if (places.length === 0) {
    throw new UserError(
      `${root} has no COCO file in it: a JSON file with images, annotations and categories.`,
    );
  }
  const notices: ImportNotice[] = [];
  const paths = places.map((place) => pathWithin(root, place));
  const steps = new Steps(await bytesOf(paths), looking);
  const files = await readFiles(paths, layout === null, notices, steps);
  for (const index of files) notices.push(...index.notices);
  const structures =
    layout === null ? structuresOf(files, notices) : new Map(Object.entries(layout.structures));
  const structureOf = new Map([...structures].map(([structure, name]) => [name, structure]));
  const planner = new Planner(new ImageFinder(found), structureOf);
  for (const index of files) await planner.add(index, portable(root, index.path), steps);
  notices.push(...planner.notices);
  return { root, files, structures, cases: withIds(planner.drafts), notices };
}
