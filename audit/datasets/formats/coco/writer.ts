/**
 * The writer `coco`. It edits the corrected labels in copies of the dataset's own files, or writes a new
 * file for a dataset of another format. It stores masks as compressed run lengths, which lose nothing.
 */
import { resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError } from '../../../codecs/raster.ts';
import { CocoEdits, drawnFields } from './edits.ts';
import { CocoLayout, planCoco } from './plan.ts';
import type { CocoCase, CocoLabel, CocoPlan } from './plan.ts';
import type { CocoIndex } from './annotations.ts';
import { instanceMask, unite } from '../../masks/segmentation.ts';
import {
  atOwnSize,
  editInstances,
  lostToSize,
  resizedNote,
} from '../../masks/correct-instances.ts';
import { isFile, putCopy, putPieces } from '../../export/target-folder.ts';
import { spliceFile } from '../../json/edit.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { portable } from '../../tree/places.ts';
import { putImage } from '../../export/put-image.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  DatasetWriter,
  ExportedCase,
  ExportedLabel,
  ForeseenLoss,
  WriteOptions,
} from '../../types.ts';

/** The file that is written for a dataset of another format. */
const NEW_FILE = 'annotations.json';

/**
 * The image's entry and the annotations of a label. A new label has no annotations yet; its entry is in the
 * first file that has its category, or else in the first file that lists the image.
 */
function targetOf(own: CocoCase, structure: string, category: string): CocoLabel {
  const label = own.labels.get(structure);
  if (label !== undefined) return label;
  const fitting = own.entries.find(({ index }) =>
    [...index.categories.values()].some(({ name }) => name === category),
  );
  return { ...(fitting ?? own.entries[0]), places: [] };
}

/**
 * Rethrows a decoder's error as a UserError. The error says that the file has changed, because the import
 * could still decode it.
 */
function explainChange(error: unknown, { index }: CocoLabel, structure: string, id: string): never {
  if (!(error instanceof CodecError)) throw error;
  throw new UserError(
    `${index.path} has changed since the import (${structure} of ${id}): it ${error.message}`,
  );
}

/** An export of a dataset that came as COCO: collects the edits and writes the edited files. */
class Merge {
  readonly #plan: CocoPlan;
  readonly #edits = new Map<CocoIndex, CocoEdits>();

  constructor(plan: CocoPlan) {
    this.#plan = plan;
    for (const index of plan.files) this.#edits.set(index, new CocoEdits(index));
  }

  /** The case of an image, or undefined if no file names the image any more. */
  caseOf(imageFile: string): CocoCase | undefined {
    return this.#plan.cases.get(resolve(imageFile));
  }

  removeCase({ entries }: CocoCase): void {
    for (const { index, image } of entries) this.#edits.get(index)!.removeImage(image);
  }

  /** Applies a label's correction or verdict. @returns a notice if the label cannot be written exactly */
  async label(
    own: CocoCase,
    item: ExportedCase,
    label: ExportedLabel,
  ): Promise<ImportNotice | undefined> {
    const before = own.labels.get(label.structure);
    const mask = label.verdict === 'excluded' ? null : await label.mask();
    if (mask === null) {
      if (before !== undefined) this.#edits.get(before.index)!.remove(before.places);
      return undefined;
    }
    if (!label.corrected) return undefined;
    const category = this.#plan.structures.get(label.structure) ?? label.structure;
    const target = targetOf(own, label.structure, category);
    try {
      return await this.#redraw(target, category, item, mask, label.structure);
    } catch (error) {
      return explainChange(error, target, label.structure, item.id);
    }
  }

  async #redraw(
    { index, image, places }: CocoLabel,
    category: string,
    item: ExportedCase,
    mask: Mask,
    structure: string,
  ): Promise<ImportNotice | undefined> {
    const size = image.size ?? item;
    const segmentations = await index.segmentations(places);
    const before = unite(segmentations, size);
    const now = atOwnSize(before, mask);
    const draw = (place: number): Mask => instanceMask(segmentations[place], size);
    const { changed: redrawn, added } = editInstances(places.length, draw, before, now);
    const edits = this.#edits.get(index)!;
    for (const [place, instance] of redrawn) {
      if (instance === null) edits.remove([places[place]]);
      else await edits.redraw(places[place], instance);
    }
    for (const instance of added) edits.add(image, category, instance);
    const name = `${portable(this.#plan.root, index.path)} (${structure} of ${item.id})`;
    return changed(name, [resizedNote(item, size)]);
  }

  async write(out: string): Promise<void> {
    for (const [index, edits] of this.#edits) {
      const path = portable(this.#plan.root, index.path);
      const splices = await edits.splices();
      if (splices.length === 0) await putCopy(out, path, index.path);
      else await putPieces(out, path, spliceFile(index.path, splices));
      await index.file.assertSame();
    }
  }
}

/**
 * Foresees the losses of a case. COCO stores a mask exactly, unless the file states a wrong size for the
 * image.
 */
async function foresee(plan: CocoPlan, item: ExportedCase): Promise<ForeseenLoss[]> {
  const own = plan.cases.get(resolve(item.imageFile));
  if (own === undefined) return [];
  const losses: ForeseenLoss[] = [];
  for (const label of item.labels) {
    const { structure, corrected, verdict } = label;
    if (!corrected || verdict === 'excluded') continue;
    const target = targetOf(own, structure, plan.structures.get(structure) ?? structure);
    const size = target.image.size ?? item;
    const now =
      size.width === item.width && size.height === item.height ? null : await label.mask();
    if (now === null) continue;
    try {
      const before = unite(await target.index.segmentations(target.places), size);
      const pixels = lostToSize(before, now);
      if (pixels > 0) losses.push({ case: item.id, structure, pixels });
    } catch (error) {
      return explainChange(error, target, structure, item.id);
    }
  }
  return losses;
}

async function merge(
  out: string,
  plan: CocoPlan,
  cases: AsyncIterable<ExportedCase>,
  options: WriteOptions,
): Promise<ImportNotice[]> {
  const { root, link } = options;
  const work = new Merge(plan);
  const notices: ImportNotice[] = [];
  const done = new Set<string>();
  const copy = (path: string): Promise<void> => putCopy(out, portable(root, path), path, link);
  for await (const item of cases) {
    done.add(resolve(item.imageFile));
    const own = work.caseOf(item.imageFile);
    if (own === undefined) {
      notices.push(leftOut(item.imageFile, 'is named by no COCO file any more.'));
      continue;
    }
    await copy(own.file.path);
    for (const label of item.labels) {
      const notice = await work.label(own, item, label);
      if (notice !== undefined) notices.push(notice);
    }
  }
  for (const { imageFile } of options.excluded) {
    done.add(resolve(imageFile));
    const own = work.caseOf(imageFile);
    if (own !== undefined) work.removeCase(own);
  }
  // Images that were not imported are copied, too, because their entries stay in the COCO files.
  for (const path of plan.cases.keys()) {
    if (!done.has(path) && (await isFile(path))) await copy(path);
  }
  await work.write(out);
  return notices;
}

const IMAGES = 'images';

/** Writes a new COCO file with one annotation per drawn label. */
async function writeNew(
  out: string,
  cases: AsyncIterable<ExportedCase>,
  { structures, link }: WriteOptions,
): Promise<ImportNotice[]> {
  const images: string[] = [];
  const notices: ImportNotice[] = [];
  const categories = structures.map(({ name }, i) => ({ id: i + 1, name, supercategory: '' }));
  const idOf = new Map(categories.map(({ id, name }) => [name, id]));
  async function* pieces(): AsyncGenerator<string> {
    yield `{"info":{"description":"written by Overread"},"categories":${JSON.stringify(categories)},\n"annotations":[`;
    let last = 0;
    for await (const item of cases) {
      const { id, imageFile, width, height } = item;
      const { path, notices: ofImage } = await putImage(out, `${IMAGES}/${id}`, imageFile, link);
      notices.push(...ofImage);
      const name = path.slice(IMAGES.length + 1);
      const image = { id: images.length + 1, file_name: name, width, height };
      images.push(JSON.stringify(image));
      for (const label of item.labels) {
        const mask = label.verdict === 'excluded' ? null : await label.mask();
        if (mask === null || !mask.data.includes(1)) continue;
        last += 1;
        const ids = { id: last, image_id: image.id, category_id: idOf.get(label.structure) };
        const entry = JSON.stringify({ ...ids, ...drawnFields(mask), iscrowd: 0 });
        yield `${last > 1 ? ',' : ''}\n${entry}`;
      }
    }
    yield `\n],\n"images":[\n${images.join(',\n')}\n]}\n`;
  }
  await putPieces(out, NEW_FILE, pieces());
  return notices;
}

export const cocoWriter: DatasetWriter = {
  holds: 'One JSON of run lengths, to the pixel; an absent label is read as empty.',
  open: async (layout, options) => {
    if (layout === null) return { write: (out, cases) => writeNew(out, cases, options) };
    const plan = await planCoco(options.root, CocoLayout.parse(layout));
    return {
      foresee: (item) => foresee(plan, item),
      write: (out, cases) => merge(out, plan, cases, options),
    };
  },
};
