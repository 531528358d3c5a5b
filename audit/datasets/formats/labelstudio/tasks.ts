/**
 * Reads an export of Label Studio. Of each task it keeps in memory the possible names of the image, the
 * annotator, and for each label the indices of its regions and the size of the image. The regions
 * themselves are read from the file again when they are needed.
 */
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { EntryFile, EntryList } from '../../json/entries.ts';
import { jsonSpans, parseEntry } from '../../json/spans.ts';
import { leftOut } from '../../import/notices.ts';
import type { Steps } from '../../import/steps.ts';
import type { Size } from '../../masks/segmentation.ts';
import type { ImportNotice } from '../../../contract/terms.ts';

const Person = z.union([
  z.number(),
  z.string(),
  z.object({ email: z.string().optional(), id: z.union([z.number(), z.string()]).optional() }),
]);
const Annotation = z.object({
  completed_by: Person.nullish().catch(null),
  result: z.array(z.unknown()),
  was_cancelled: z.boolean().nullish(),
  skipped: z.boolean().nullish(),
  ground_truth: z.boolean().nullish(),
  created_at: z.string().nullish().catch(null),
  updated_at: z.string().nullish().catch(null),
});
type Annotation = z.infer<typeof Annotation>;

const Task = z.object({
  id: z.union([z.number(), z.string()]).optional(),
  data: z.record(z.string(), z.unknown()),
  file_upload: z.string().nullish().catch(null),
});

const Side = z.number().int().positive();
/**
 * A region: an entry in the `result` of an annotation that marks a part of the image. Entries that draw
 * nothing (`SILENT`) may have the same form.
 */
export const Region = z.object({
  id: z.string().optional(),
  type: z.string(),
  from_name: z.string().optional(),
  to_name: z.string().optional(),
  original_width: Side.optional(),
  original_height: Side.optional(),
  image_rotation: z.number().optional(),
  item_index: z.number().optional(),
  value: z.looseObject({}),
});
export type Region = z.infer<typeof Region>;

/** The regions of a label. */
export interface TaskLabel {
  /** Indices of the label's regions in the annotation's `result`. */
  readonly places: readonly number[];
  /** The size of the image, as Label Studio states it. */
  readonly size: Size;
}

/** The facts about one task that stay in memory. */
export interface StoredTask {
  /** The task's index in the file. */
  readonly place: number;
  readonly name: string;
  /** Possible names of the task's image, the likeliest first. */
  readonly imageNames: readonly string[];
  /**
   * The chosen annotation: the key of the task's list of annotations (`annotations` or `completions`),
   * and the index in that list. Null if the task has no annotation that can be used.
   */
  readonly annotation: { readonly key: string; readonly place: number } | null;
  readonly annotator: string | null;
  readonly labels: ReadonlyMap<string, TaskLabel>;
  /**
   * Labels with regions that could not be used. Somebody marked something there, so the import must not
   * treat these labels as empty.
   */
  readonly undrawn: ReadonlySet<string>;
}

/**
 * The names of the brush tool (`from_name`) and of the image (`to_name`) in Label Studio's labelling
 * configuration. Every new brush must state both.
 */
export interface BrushTag {
  readonly from_name: string;
  readonly to_name: string;
}
/** The names in Label Studio's own template for brushes, used if the export contains no brush. */
const TEMPLATE_TAG: BrushTag = { from_name: 'tag', to_name: 'image' };

/** Types of entries that draw nothing. They are skipped without a notice. */
const SILENT = /^(choices|rating|textarea|number|taxonomy|datetime|pairwise|relation)$/;

/** The parts of one export that stay in memory. */
export class TaskIndex {
  readonly file: EntryFile;
  readonly list = new EntryList();
  readonly tasks: StoredTask[] = [];
  readonly notices: ImportNotice[] = [];
  tag = TEMPLATE_TAG;

  private constructor(file: EntryFile) {
    this.file = file;
  }

  get path(): string {
    return this.file.path;
  }

  /** @throws UserError when the file is not JSON or not an export of Label Studio. */
  static async read(path: string, steps?: Steps): Promise<TaskIndex> {
    const index = new TaskIndex(await EntryFile.of(path));
    for await (const span of jsonSpans(path, steps)) {
      if (span.key !== null) {
        throw new UserError(`${path} is no list of tasks: export it from Label Studio as JSON.`);
      }
      if (index.list.take(span)) index.#task(parseEntry(path, span), span.index!);
    }
    return index;
  }

  #task(entry: unknown, place: number): void {
    const read = Task.safeParse(entry);
    if (!read.success) {
      this.notices.push(
        leftOut(`${this.path} (task ${place + 1})`, 'has no “data”: it is not a task.'),
      );
      return;
    }
    const { id, data, file_upload } = read.data;
    const name = `${this.path} (task ${id ?? place + 1})`;
    const raw = entry as Record<string, unknown>;
    const key = 'annotations' in raw ? 'annotations' : 'completions';
    const texts = [file_upload, ...Object.values(data)].filter((text) => typeof text === 'string');
    const taken = this.#choose(Array.isArray(raw[key]) ? raw[key] : [], name);
    this.tasks.push({
      place,
      name,
      imageNames: texts,
      annotation: taken && { key, place: taken.place },
      annotator: annotatorOf(taken?.annotation.completed_by),
      ...this.#labels(taken?.annotation.result ?? [], name),
    });
  }

  /**
   * Chooses the annotation of a task: the one marked as ground truth, else the newest. Cancelled and
   * skipped annotations are not chosen; the result is null if no other is there.
   */
  #choose(
    annotations: readonly unknown[],
    name: string,
  ): { annotation: Annotation; place: number } | null {
    const valid = annotations.flatMap((one, place) => {
      const read = Annotation.safeParse(one);
      if (!read.success || read.data.was_cancelled || read.data.skipped) return [];
      return [{ annotation: read.data, place }];
    });
    const time = ({ updated_at, created_at }: Annotation) => updated_at ?? created_at ?? '';
    const [first, ...others] = valid.sort(
      ({ annotation: a, place: i }, { annotation: b, place: j }) =>
        Number(b.ground_truth ?? false) - Number(a.ground_truth ?? false) ||
        (time(a) < time(b) ? 1 : time(a) > time(b) ? -1 : j - i),
    );
    if (first === undefined) return null;
    if (others.length > 0) {
      const by = annotatorOf(first.annotation.completed_by);
      const whose = by === null ? '' : ` by ${by}`;
      const which = first.annotation.ground_truth === true ? 'the ground truth' : 'the newest';
      const reason = `has ${valid.length} annotations: ${which}${whose} was taken.`;
      this.notices.push(leftOut(name, reason));
    }
    return first;
  }

  #labels(result: readonly unknown[], name: string): Pick<StoredTask, 'labels' | 'undrawn'> {
    const undrawn = new Set<string>();
    const labels = new Map<string, { places: number[]; size: Size }>();
    const seen = new Set<string>();
    result.forEach((entry, place) => {
      const read = Region.safeParse(entry);
      if (!read.success || SILENT.test(read.data.type)) return;
      const region = read.data;
      // One region may be two entries with the same id, one for the shape and one for the label. Both hold
      // the shape, so the second is skipped.
      if (region.id !== undefined && seen.has(region.id)) return;
      if (region.type === 'labels' && !isDrawing(region)) return;
      if (region.id !== undefined) seen.add(region.id);
      const names = namesOf(region, result);
      const problem = problemOf(region, names);
      if (problem !== null) {
        this.notices.push(leftOut(name, problem));
        for (const label of names) undrawn.add(label);
        return;
      }
      const { original_width: width = 1, original_height: height = 1, from_name, to_name } = region;
      if ('rle' in region.value && from_name !== undefined && to_name !== undefined) {
        this.tag = { from_name, to_name };
      }
      const label = labels.get(names[0]);
      if (label === undefined) labels.set(names[0], { places: [place], size: { width, height } });
      else label.places.push(place);
    });
    return { labels, undrawn };
  }

  /** Reads regions of a task's chosen annotation. @throws UnreadableFile when the file has changed. */
  async regions(task: StoredTask, places: readonly number[]): Promise<Region[]> {
    if (places.length === 0 || task.annotation === null) return [];
    const [text] = await this.file.texts(this.list, [task.place]);
    const raw = JSON.parse(text) as Record<string, { result: unknown[] }[]>;
    const { key, place } = task.annotation;
    return places.map((one) => Region.parse(raw[key][place].result[one]));
  }
}

function annotatorOf(person: z.infer<typeof Person> | null | undefined): string | null {
  if (person === null || person === undefined) return null;
  const name = typeof person === 'object' ? (person.email ?? person.id) : person;
  return name === undefined ? null : String(name).slice(0, 200);
}

/** A text that says why a region cannot be used, or null if it can. */
function problemOf(region: Region, names: readonly string[]): string | null {
  if (!isDrawing(region)) return `has a region that draws no outline (${region.type}).`;
  if (names.length !== 1) {
    return `has a region with ${names.length} labels: give each region one.`;
  }
  if ((region.image_rotation ?? 0) !== 0) return 'is rotated: turn it back and export it again.';
  if ((region.item_index ?? 0) !== 0) return 'has several images: give each its own task.';
  if (region.original_width === undefined || region.original_height === undefined) {
    return 'has a region without original_width and original_height: export it again.';
  }
  return null;
}

/** Whether the region is a brush or a closed polygon. */
function isDrawing({ value }: Region): boolean {
  return 'rle' in value || ('points' in value && value.closed !== false);
}

/** The labels of a region. If its own entry has none, they come from another entry with the same id. */
function namesOf(region: Region, result: readonly unknown[]): string[] {
  const own = labelsIn(region.value);
  if (own.length > 0 || region.id === undefined) return own;
  for (const entry of result) {
    const other = Region.safeParse(entry);
    if (!other.success || other.data.id !== region.id) continue;
    const names = labelsIn(other.data.value);
    if (names.length > 0) return names;
  }
  return [];
}

function labelsIn(value: Record<string, unknown>): string[] {
  for (const [key, names] of Object.entries(value)) {
    if (!key.endsWith('labels')) continue;
    if (Array.isArray(names)) return names.filter((name) => typeof name === 'string');
  }
  return [];
}
