/** Collects an export's changes of one COCO file, case by case, and turns them into splices of its text. */
import { cocoRuns, cocoRunsToText } from '../../../imaging/coco-rle.ts';
import type { Mask } from '../../../imaging/types.ts';
import type { CocoImage, CocoIndex } from './annotations.ts';
import { listSplices, memberSpans } from '../../json/edit.ts';
import { spliceText } from '../../tree/splice.ts';
import type { Splice } from '../../tree/splice.ts';

/** The number of pixels of a mask, and its bounding box [x, y, width, height]; zeros for an empty mask. */
function measure({ width, data }: Mask): { area: number; bbox: [number, number, number, number] } {
  let [area, left, top, right, bottom] = [0, width, -1, -1, -1];
  for (let i = 0; i < data.length; i += 1) {
    if (data[i] === 0) continue;
    const x = i % width;
    const y = (i - x) / width;
    area += 1;
    if (top < 0) top = y;
    bottom = y;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  return area === 0
    ? { area, bbox: [0, 0, 0, 0] }
    : { area, bbox: [left, top, right - left + 1, bottom - top + 1] };
}

/** The fields of an annotation that depend on its mask. */
export function drawnFields(mask: Mask) {
  const counts = cocoRunsToText(cocoRuns(mask));
  return { segmentation: { size: [mask.height, mask.width], counts }, ...measure(mask) };
}

/** Replaces the mask in the text of an annotation. All other fields keep every byte. */
function redrawnText(text: string, mask: Mask): string {
  const spans = memberSpans(text);
  const splices: Splice[] = [];
  for (const [key, value] of Object.entries(drawnFields(mask))) {
    const span = spans.get(key);
    if (span !== undefined) splices.push({ ...span, text: JSON.stringify(value) });
  }
  return spliceText(text, splices);
}

/** The edits of one COCO file. */
export class CocoEdits {
  readonly #index: CocoIndex;
  /** The new text of each changed annotation, by its index; null removes the annotation. */
  readonly #changed = new Map<number, string | null>();
  readonly #added: string[] = [];
  readonly #removedImages = new Map<number, null>();
  readonly #addedCategories = new Map<string, number>();

  constructor(index: CocoIndex) {
    this.#index = index;
  }

  remove(places: readonly number[]): void {
    for (const place of places) this.#changed.set(place, null);
  }

  /** Removes an image and its annotations. */
  removeImage(image: CocoImage): void {
    this.#removedImages.set(image.place, null);
    this.remove(this.#index.annotationsOf(new Set([String(image.id)])));
  }

  async redraw(place: number, mask: Mask): Promise<void> {
    const [text] = await this.#index.file.texts(this.#index.lists.annotations, [place]);
    this.#changed.set(place, redrawnText(text, mask));
  }

  /** Adds an annotation, and its category if the file does not have it. */
  add(image: CocoImage, category: string, mask: Mask): void {
    this.#index.lastAnnotation += 1;
    const entry = {
      id: this.#index.lastAnnotation,
      image_id: image.id,
      category_id: this.#categoryId(category),
      ...drawnFields(mask),
      iscrowd: 0,
    };
    this.#added.push(JSON.stringify(entry));
  }

  #categoryId(name: string): number | string {
    const existing = [...this.#index.categories.values()].find(
      (category) => category.name === name,
    );
    if (existing !== undefined) return existing.id;
    const id = this.#addedCategories.get(name) ?? this.#index.lastCategory + 1;
    this.#index.lastCategory = Math.max(this.#index.lastCategory, id);
    this.#addedCategories.set(name, id);
    return id;
  }

  /** The splices in the order of the file; empty if nothing changes. */
  async splices(): Promise<Splice[]> {
    const { lists, file } = this.#index;
    const categories = [...this.#addedCategories].map(([name, id]) =>
      JSON.stringify({ id, name, supercategory: '' }),
    );
    const edits = [
      { list: lists.annotations, changed: this.#changed, added: this.#added },
      { list: lists.images, changed: this.#removedImages, added: [] },
      { list: lists.categories, changed: new Map<number, null>(), added: categories },
    ].filter(({ changed, added }) => changed.size + added.length > 0);
    const all: Splice[] = [];
    for (const { list, changed, added } of edits) {
      const spans = list.spans();
      const gap = added.length > 0 ? await file.separator(spans) : '';
      all.push(...listSplices(spans, { changed, added, gap }));
    }
    return all.sort((a, b) => a.start - b.start);
  }
}
