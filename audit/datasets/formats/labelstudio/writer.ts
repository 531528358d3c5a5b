/**
 * The writer `labelstudio`: copies the images and the dataset's own JSON files. In these files it changes
 * only the regions of corrected and excluded labels, and removes the tasks of excluded cases. It stores
 * corrected masks as brushes, which keep every pixel.
 */
import { resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError } from '../../../codecs/raster.ts';
import {
  atOwnSize,
  editInstances,
  lostToSize,
  resizedNote,
} from '../../masks/correct-instances.ts';
import { ownLayout } from '../../export/own-layout.ts';
import { isFile, putCopy, putPieces } from '../../export/target-folder.ts';
import { listSplices, spliceFile } from '../../json/edit.ts';
import { editTask } from './edits.ts';
import type { LabelEdit } from './edits.ts';
import type { TaskIndex } from './tasks.ts';
import { LabelStudioLayout, planTasks } from './plan.ts';
import type { TaskCase, TaskPlan } from './plan.ts';
import { regionMask, uniteRegions } from './regions.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  DatasetWriter,
  ExportedCase,
  ExportedLabel,
  ForeseenLoss,
  WriteOptions,
} from '../../types.ts';

/**
 * Rethrows a decoder's error as a UserError. The task must have changed, since it was readable at the
 * import.
 */
function explainChange(error: unknown, name: string): never {
  if (!(error instanceof CodecError)) throw error;
  throw new UserError(`${name} has changed since the import: it ${error.message}`);
}

/** The edit of a label's regions, or null if the label did not change. */
async function editOf(
  { index, task }: TaskCase,
  item: ExportedCase,
  exported: ExportedLabel,
  label: string,
): Promise<LabelEdit | null> {
  const drawn = task.labels.get(label);
  const places = drawn?.places ?? [];
  const mask = exported.verdict === 'excluded' ? null : await exported.mask();
  if (mask === null) {
    return { label, changed: new Map(places.map((place) => [place, null])), added: [] };
  }
  if (!exported.corrected) return null;
  const size = drawn?.size ?? item;
  const regions = await index.regions(task, places);
  try {
    const before = uniteRegions(regions, size);
    const draw = (place: number): Mask => regionMask(regions[place], size);
    const edits = editInstances(places.length, draw, before, atOwnSize(before, mask));
    return {
      label,
      changed: new Map([...edits.changed].map(([at, instance]) => [places[at], instance])),
      added: edits.added,
    };
  } catch (error) {
    return explainChange(error, task.name);
  }
}

/** A notice if a label was resampled or was a polygon before, else undefined. */
function notesOf(
  { task }: TaskCase,
  item: ExportedCase,
  structure: string,
  label: string,
  wasPolygon: boolean,
): ImportNotice | undefined {
  const size = task.labels.get(label)?.size ?? item;
  return changed(`${task.name}, ${structure},`, [
    resizedNote(item, size),
    wasPolygon
      ? 'was drawn as a polygon and is a brush now: the labelling needs BrushLabels to show it.'
      : undefined,
  ]);
}

async function hasPolygon({ index, task }: TaskCase, { changed: masks }: LabelEdit) {
  const redrawn = [...masks].flatMap(([place, mask]) => (mask === null ? [] : [place]));
  const regions = await index.regions(task, redrawn);
  return regions.some(({ value }) => !('rle' in value));
}

/**
 * Foresees the losses of a case. A brush stores a mask exactly. Only if the task states another size than
 * the image has, the mask is resampled and may lose pixels.
 */
async function foresee(plan: TaskPlan, item: ExportedCase): Promise<ForeseenLoss[]> {
  const own = plan.cases.get(resolve(item.imageFile));
  if (own === undefined) return [];
  const losses: ForeseenLoss[] = [];
  for (const label of item.labels) {
    const { structure, corrected, verdict } = label;
    const { index, task } = own;
    const drawn = task.labels.get(plan.structures.get(structure) ?? structure);
    if (!corrected || verdict === 'excluded' || drawn === undefined) continue;
    const { size } = drawn;
    const now =
      size.width === item.width && size.height === item.height ? null : await label.mask();
    if (now === null) continue;
    const regions = await index.regions(task, drawn.places);
    try {
      const pixels = lostToSize(uniteRegions(regions, size), now);
      if (pixels > 0) losses.push({ case: item.id, structure, pixels });
    } catch (error) {
      return explainChange(error, task.name);
    }
  }
  return losses;
}

async function write(
  out: string,
  plan: TaskPlan,
  cases: AsyncIterable<ExportedCase>,
  options: WriteOptions,
): Promise<ImportNotice[]> {
  const { root, link } = options;
  const notices: ImportNotice[] = [];
  const done = new Set<string>();
  const edited = new Map<TaskIndex, Map<number, string | null>>();
  for (const index of plan.files) edited.set(index, new Map());
  const copy = (path: string): Promise<void> => putCopy(out, portable(root, path), path, link);
  for await (const item of cases) {
    const path = resolve(item.imageFile);
    done.add(path);
    const own = plan.cases.get(path);
    if (own?.task.annotation === undefined || own.task.annotation === null) {
      notices.push(leftOut(item.imageFile, 'has no annotated task any more.'));
      continue;
    }
    await copy(path);
    const edits: LabelEdit[] = [];
    for (const exported of item.labels) {
      const label = plan.structures.get(exported.structure) ?? exported.structure;
      const edit = await editOf(own, item, exported, label);
      if (edit === null || edit.changed.size + edit.added.length === 0) continue;
      edits.push(edit);
      const note = notesOf(own, item, exported.structure, label, await hasPolygon(own, edit));
      if (note !== undefined) notices.push(note);
    }
    if (edits.length === 0) continue;
    const [text] = await own.index.file.texts(own.index.list, [own.task.place]);
    edited.get(own.index)!.set(own.task.place, editTask(text, own.task, own.index.tag, edits));
  }
  for (const { imageFile } of options.excluded) {
    const path = resolve(imageFile);
    done.add(path);
    const own = plan.cases.get(path);
    if (own !== undefined) edited.get(own.index)!.set(own.task.place, null);
  }
  // Images that were not imported are copied, too, because their tasks stay in the JSON files.
  for (const path of plan.cases.keys()) {
    if (!done.has(path) && (await isFile(path))) await copy(path);
  }
  for (const [index, tasks] of edited) {
    const path = portable(root, index.path);
    const splices = listSplices(index.list.spans(), { changed: tasks, added: [], gap: '' });
    if (splices.length === 0) await putCopy(out, path, index.path);
    else await putPieces(out, path, spliceFile(index.path, splices));
    await index.file.assertSame();
  }
  return notices;
}

export const labelStudioWriter: DatasetWriter = {
  holds: null,
  open: async (layout, options) => {
    const plan = await planTasks(
      options.root,
      ownLayout(LabelStudioLayout, layout, 'labelstudio', 'coco'),
    );
    return {
      foresee: (item) => foresee(plan, item),
      write: (out, cases) => write(out, plan, cases, options),
    };
  },
};
