/**
 * A dataset of COCO files: which there are, which image each of their entries is, and which of their
 * annotations make one label. Reader and writer see it alike.
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

/** What a writer needs, kept with the project. Paths are below the root, with `/`. */
export const CocoLayout = z.object({
  files: z.array(z.string()),
  /** Structure → the category's name, which may hold what a structure's may not. */
  structures: z.record(z.string(), z.string()),
});
export type CocoLayout = z.infer<typeof CocoLayout>;

/** One entry of a file's list of images. */
export interface CocoEntry {
  readonly index: CocoIndex;
  readonly image: CocoImage;
}

/** The annotations of one structure in one image; none: the label is empty. */
export interface CocoLabel extends CocoEntry {
  /** Places in the list of annotations. */
  readonly places: readonly number[];
}

export interface CocoCase {
  readonly id: string;
  readonly file: FoundFile;
  readonly split: string | null;
  /** Every entry that is this image; of its own file the first. */
  readonly entries: readonly CocoEntry[];
  /** By structure; none where the image is not annotated at all. */
  readonly labels: ReadonlyMap<string, CocoLabel>;
}

export interface CocoPlan {
  readonly root: string;
  readonly files: readonly CocoIndex[];
  /** Structures, in the order of the categories; and the categories of each, by name. */
  readonly structures: ReadonlyMap<string, string>;
  /** By the image's absolute path. */
  readonly cases: ReadonlyMap<string, CocoCase>;
  readonly notices: readonly ImportNotice[];
}

const looksLikeCoco = (head: string): boolean =>
  head.startsWith('{') && /"(images|annotations|categories)"\s*:\s*\[/.test(head);

/** COCO files below a folder, by their beginning. */
export function findCocoFiles(
  files: readonly FoundFile[],
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  return jsonFilesLike(files, looksLikeCoco, signal);
}

/** Which structure each category that draws something is. */
function structuresOf(files: readonly CocoIndex[], notices: ImportNotice[]): Map<string, string> {
  const structures = new Map<string, string>();
  const categories = new Map<string, string>();
  for (const index of files) {
    const drawn = new Set([...index.drawn.values()].flatMap((places) => [...places.keys()]));
    for (const [key, { name }] of index.categories) {
      if (categories.has(name)) continue;
      if (!drawn.has(key)) {
        if (files.length === 1) {
          notices.push(leftOut(index.path, `has the category “${name}”, of which it draws none.`));
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
      const known = draft.labels.get(structure);
      if (known === undefined || (known.places.length === 0 && places.length > 0)) {
        draft.labels.set(structure, { index, image, places });
      } else if (known.index === index) {
        // Two categories of one name, or two entries of one image: one label.
        draft.labels.set(structure, { ...known, places: [...known.places, ...places] });
      } else if (places.length > 0) {
        const reason = `draws “${name}” of ${draft.file.relative} again: that of ${known.index.path} was taken.`;
        this.notices.push(leftOut(index.path, reason));
      }
    }
  }
}

/** The files that can be used; of several, one that cannot leaves the others where they were looked for. */
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
      // Captions lie beside the outlines in COCO's own folders.
      if (!(error instanceof UserError) || !isLenient || paths.length === 1) throw error;
      notices.push(leftOut(path, error.message.replace(`${path} `, '')));
    }
  }
  return files;
}

/**
 * Reads the COCO files of a dataset's folder.
 * @param known what an import left; null: whatever looks like COCO.
 * @throws UserError when there is none that can be used; the signal's reason when cancelled.
 */
export async function planCoco(
  root: string,
  known: CocoLayout | null,
  looking: Looking = {},
): Promise<CocoPlan> {
  const { signal } = looking;
  const found = await walk(root, signal);
  const places = known?.files ?? (await findCocoFiles(found, signal)).map((file) => file.relative);
  if (places.length === 0) {
    throw new UserError(
      `${root} has no COCO file in it: a JSON file with images, annotations and categories.`,
    );
  }
  const notices: ImportNotice[] = [];
  const paths = places.map((place) => pathWithin(root, place));
  const steps = new Steps(await bytesOf(paths), looking);
  const files = await readFiles(paths, known === null, notices, steps);
  for (const index of files) notices.push(...index.notices);
  const structures =
    known === null ? structuresOf(files, notices) : new Map(Object.entries(known.structures));
  const structureOf = new Map([...structures].map(([structure, name]) => [name, structure]));
  const planner = new Planner(new ImageFinder(found), structureOf);
  for (const index of files) await planner.add(index, portable(root, index.path), steps);
  notices.push(...planner.notices);
  return { root, files, structures, cases: withIds(planner.drafts, notices), notices };
}
