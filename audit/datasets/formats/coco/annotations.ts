/**
 * Reads a COCO file. It keeps the images and categories in memory. Of an annotation it only keeps the
 * position of its text, so fifty thousand annotations take a few megabytes.
 */
import { z } from 'zod';
import { counted } from '../../../contract/words.ts';
import { UserError } from '../../../errors.ts';
import { CodecError } from '../../../codecs/raster.ts';
import { parseSegmentation } from '../../masks/segmentation.ts';
import type { Segmentation, Size } from '../../masks/segmentation.ts';
import { EntryFile, EntryList } from '../../json/entries.ts';
import { jsonSpans, parseEntry } from '../../json/spans.ts';
import { leftOut } from '../../import/notices.ts';
import type { Steps } from '../../import/steps.ts';
import type { ImportNotice } from '../../../contract/terms.ts';

const Id = z.union([z.number(), z.string()]);
const Side = z.number().int().positive().optional().catch(undefined);
const ImageEntry = z.object({ id: Id, file_name: z.string(), width: Side, height: Side });
const CategoryEntry = z.object({ id: Id, name: z.string() });
const AnnotationEntry = z.object({
  id: Id.optional(),
  image_id: Id,
  category_id: Id.optional(),
  segmentation: z.unknown().optional(),
});

export interface CocoImage {
  /** The image's id, a number or text as in the file, because new annotations must refer to it. */
  readonly id: number | string;
  readonly name: string;
  /** The image's size that the file states, or null if it states none. */
  readonly size: Size | null;
  /** The image's index in the file's list of images. */
  readonly place: number;
}

export interface CocoCategory {
  readonly id: number | string;
  readonly name: string;
}

/** The lists that every COCO file must have. */
const LISTS = ['images', 'annotations', 'categories'] as const;
type ListName = (typeof LISTS)[number];
const LACKS: Readonly<Record<ListName, string>> = {
  images: 'images without id or file_name',
  annotations: 'annotations of no image',
  categories: 'categories without id or name',
};
const isList = (key: string | null): key is ListName => LISTS.some((name) => name === key);

/** The parts of one COCO file that stay in memory. */
export class CocoIndex {
  readonly file: EntryFile;
  /** The images by their id. The id is always text here, because some tools write the id 5 as "5". */
  readonly images = new Map<string, CocoImage>();
  readonly categories = new Map<string, CocoCategory>();
  /** Indices of the annotations that draw a mask, by image id and then category id (both as text). */
  readonly drawn = new Map<string, Map<string, number[]>>();
  /**
   * By image id: the category ids (as text) of annotations that draw no mask, such as boxes. They show
   * that the structure is in the image, so its label must not be imported as empty.
   */
  readonly undrawn = new Map<string, Set<string>>();
  readonly notices: ImportNotice[] = [];
  readonly lists: Record<ListName, EntryList> = {
    images: new EntryList(),
    annotations: new EntryList(),
    categories: new EntryList(),
  };
  /** The largest numeric ids of the file; new annotations and categories are numbered after them. */
  lastAnnotation = 0;
  lastCategory = 0;
  /** The image id of every annotation, in the file's order; an empty text for an invalid annotation. */
  readonly #imageOf: string[] = [];
  readonly #found = new Set<string>();
  #onlyBoxes = 0;
  /**
   * Numbers (from 1) of the entries that lack a required field, so that one notice can report all of
   * them.
   */
  readonly #lacking: Record<ListName, number[]> = { images: [], annotations: [], categories: [] };

  private constructor(file: EntryFile) {
    this.file = file;
  }

  get path(): string {
    return this.file.path;
  }

  /** @throws UserError when the file is not JSON or not COCO. */
  static async read(path: string, steps?: Steps): Promise<CocoIndex> {
    const index = new CocoIndex(await EntryFile.of(path));
    for await (const span of jsonSpans(path, steps)) {
      if (!isList(span.key) || span.index === null) continue;
      if (!index.lists[span.key].take(span)) {
        index.#found.add(span.key);
        continue;
      }
      const entry = parseEntry(path, span);
      if (span.key === 'images') index.#image(entry, span.index);
      else if (span.key === 'categories') index.#category(entry, span.index);
      else index.#annotation(entry, span.index);
    }
    index.#close();
    return index;
  }

  #image(entry: unknown, place: number): void {
    const image = ImageEntry.safeParse(entry);
    if (!image.success) return this.#missing('images', place);
    const { id, file_name, width, height } = image.data;
    const size = width !== undefined && height !== undefined ? { width, height } : null;
    if (this.images.has(String(id))) {
      return this.#say(`has two images with the id ${id}: the first was taken.`);
    }
    this.images.set(String(id), { id, name: file_name, size, place });
  }

  #category(entry: unknown, place: number): void {
    const category = CategoryEntry.safeParse(entry);
    if (!category.success) return this.#missing('categories', place);
    const { id, name } = category.data;
    if (this.categories.has(String(id))) {
      return this.#say(`has two categories with the id ${id}: the first was taken.`);
    }
    this.categories.set(String(id), { id, name });
    if (typeof id === 'number') this.lastCategory = Math.max(this.lastCategory, id);
  }

  #annotation(entry: unknown, place: number): void {
    const annotation = AnnotationEntry.safeParse(entry);
    this.#imageOf.push(annotation.success ? String(annotation.data.image_id) : '');
    if (!annotation.success) return this.#missing('annotations', place);
    const { id, image_id, category_id, segmentation } = annotation.data;
    if (typeof id === 'number') this.lastAnnotation = Math.max(this.lastAnnotation, id);
    const image = String(image_id);
    const category = String(category_id);
    try {
      if (parseSegmentation(segmentation) === null) {
        this.#onlyBoxes += 1;
        this.#undrawn(image, category);
        return;
      }
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      this.#undrawn(image, category);
      this.notices.push(leftOut(`${this.path} (annotation ${id ?? place + 1})`, error.message));
      return;
    }
    const ofImage = this.drawn.get(image) ?? new Map<string, number[]>();
    this.drawn.set(image, ofImage);
    const places = ofImage.get(category);
    if (places === undefined) ofImage.set(category, [place]);
    else places.push(place);
  }

  #undrawn(image: string, category: string): void {
    this.undrawn.set(image, (this.undrawn.get(image) ?? new Set()).add(category));
  }

  #missing(list: ListName, place: number): void {
    this.#lacking[list].push(place + 1);
  }

  #say(reason: string): void {
    this.notices.push(leftOut(this.path, reason));
  }

  /**
   * Makes the checks and notices for which the whole file must have been read.
   * @throws UserError when one of the three lists is missing.
   */
  #close(): void {
    const missing = LISTS.find((name) => !this.#found.has(name));
    if (missing !== undefined) {
      throw new UserError(
        `${this.path} has no list “${missing}”: a COCO file has images, annotations and categories.`,
      );
    }
    for (const list of LISTS) {
      const [first, ...more] = this.#lacking[list];
      if (first === undefined) continue;
      const where = more.length === 0 ? `${first}` : `${first} and ${more.length} more`;
      this.#say(`has ${LACKS[list]} (number ${where} in its list).`);
    }
    if (this.#onlyBoxes > 0) {
      this.#say(
        `has ${counted(this.#onlyBoxes, 'annotation')} with a box or key points alone: they draw no label.`,
      );
    }
    let lost = 0;
    for (const [image, byCategory] of this.drawn) {
      const isKnown = this.images.has(image);
      for (const [category, places] of byCategory) {
        if (isKnown && this.categories.has(category)) continue;
        lost += places.length;
        byCategory.delete(category);
      }
      if (!isKnown || byCategory.size === 0) this.drawn.delete(image);
    }
    if (lost > 0) {
      this.#say(
        `has ${counted(lost, 'annotation')} of an image or a category that it does not list.`,
      );
    }
  }

  /**
   * Reads the segmentations of the annotations with these indices.
   * @throws UnreadableFile when the file has changed.
   */
  async segmentations(places: readonly number[]): Promise<Segmentation[]> {
    const texts = await this.file.texts(this.lists.annotations, places);
    return texts.map((text) => {
      const entry = JSON.parse(text) as { segmentation: unknown };
      return parseSegmentation(entry.segmentation)!;
    });
  }

  /** Indices of all annotations of these images, including those that draw nothing. */
  annotationsOf(images: ReadonlySet<string>): number[] {
    return this.#imageOf.flatMap((image, place) => (images.has(image) ? [place] : []));
  }
}
