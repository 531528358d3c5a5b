/**
 * Makes the cases of a Label Studio dataset for the reader and the writer: joins each task with its
 * image.
 */
import { posix } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { withIds } from '../../tree/case-names.ts';
import { ImageFinder } from '../../tree/image-names.ts';
import type { ImageFound } from '../../tree/image-names.ts';
import { jsonFilesLike } from '../../json/find.ts';
import { TaskIndex } from './tasks.ts';
import type { StoredTask } from './tasks.ts';
import { leftOut } from '../../import/notices.ts';
import { pathWithin } from '../../tree/places.ts';
import { Steps, bytesOf } from '../../import/steps.ts';
import { newStructureName, orderStructures } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { Looking } from '../../types.ts';
import { isImageName, walk } from '../../tree/walk.ts';
import type { FoundFile } from '../../tree/walk.ts';

/** The facts that an export needs from the import; the project stores them. */
export const LabelStudioLayout = z.object({
  /** Paths of Label Studio's JSON files below the root, with `/`. */
  files: z.array(z.string()),
  /** Structure → name of its label, which may contain characters that a structure's name may not. */
  structures: z.record(z.string(), z.string()),
});
export type LabelStudioLayout = z.infer<typeof LabelStudioLayout>;

export interface TaskCase {
  readonly id: string;
  readonly file: FoundFile;
  readonly index: TaskIndex;
  readonly task: StoredTask;
}

export interface TaskPlan {
  readonly root: string;
  readonly files: readonly TaskIndex[];
  /** Structure → name of its label in Label Studio. */
  readonly structures: ReadonlyMap<string, string>;
  /** The cases by the absolute path of their image. */
  readonly cases: ReadonlyMap<string, TaskCase>;
  readonly notices: readonly ImportNotice[];
}

const looksLikeTasks = (head: string): boolean =>
  head.startsWith('[') && /"(annotations|completions)"\s*:\s*\[/.test(head);

/** The exports of Label Studio among `files`, recognised by their first bytes. */
export function findTaskFiles(
  files: readonly FoundFile[],
  signal?: AbortSignal,
): Promise<FoundFile[]> {
  return jsonFilesLike(files, looksLikeTasks, signal);
}

/** Whether a file is a list of Label Studio's short form, JSON-MIN. */
const looksShort = (head: string): boolean =>
  head.startsWith('[') &&
  /"(annotation_id|original_width|brushlabels|polygonlabels|rle)"\s*:/.test(head) &&
  !looksLikeTasks(head);

/** The sentence for an export of Label Studio in its short form, or null if `files` have none. */
export async function shortExport(files: readonly FoundFile[]): Promise<string | null> {
  const [first] = await jsonFilesLike(files, looksShort);
  return first === undefined
    ? null
    : `${first.path} is JSON-MIN of Label Studio, which is not read: export the project as “JSON”.`;
}

/** The eight hexadecimal digits that Label Studio puts before the name of an uploaded file. */
const UPLOAD = /^[0-9a-f]{8}-(?=.)/;

/**
 * The possible paths of an image in one text of a task. The text may name a file on the server, an upload
 * or a URL; if it names no image, the list is empty.
 */
function pathsOf(text: string): string[] {
  const query = /[?&](?:d|filepath)=([^&#]+)/.exec(text)?.[1];
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || text.startsWith('/data/');
  const plain = query ?? (address ? text.replace(/[?#].*$/, '') : text);
  let path = plain;
  try {
    if (address || query !== undefined) path = decodeURIComponent(plain);
  } catch {
    // The text is not URL-encoded, so it is used as it is.
  }
  if (!isImageName(path)) return [];
  const name = posix.basename(path.replace(/\\/g, '/'));
  return [...new Set([path, name, name.replace(UPLOAD, '')])];
}

function imageOf(finder: ImageFinder, task: StoredTask): ImageFound {
  const paths = task.imageNames.flatMap(pathsOf);
  if (paths.length === 0) return { file: null, problem: 'names no image.' };
  const nearby = { folder: '', split: null };
  const tried = paths.map((path) => finder.find(path, nearby));
  return tried.find(({ file }) => file !== null) ?? tried[0];
}

function structuresOf(files: readonly TaskIndex[]): Map<string, string> {
  const labels = new Set<string>();
  for (const { tasks } of files) {
    for (const task of tasks) for (const label of task.labels.keys()) labels.add(label);
  }
  const structures = new Map<string, string>();
  for (const label of [...labels].sort()) {
    const structure = newStructureName(label, structures);
    structures.set(structure, label);
  }
  return new Map(orderStructures([...structures.keys()]).map((one) => [one, structures.get(one)!]));
}

/**
 * Reads the Label Studio exports of a dataset's folder.
 * @param layout the layout of an earlier import, or null to use every file that looks like an export
 * @throws UserError when there is no export, or one of them cannot be used; the signal's reason when
 *   cancelled.
 */
export async function planTasks(
  root: string,
  layout: LabelStudioLayout | null,
  looking: Looking = {},
): Promise<TaskPlan> {
  const { signal } = looking;
  const found = await walk(root, signal);
  const places = layout?.files ?? (await findTaskFiles(found, signal)).map((file) => file.relative);
  if (places.length === 0) {
    throw new UserError(`${root} has no export of Label Studio: put its JSON file there.`);
  }
  const notices: ImportNotice[] = [];
  const files: TaskIndex[] = [];
  const paths = places.map((place) => pathWithin(root, place));
  const steps = new Steps(await bytesOf(paths), looking);
  for (const path of paths) files.push(await TaskIndex.read(path, steps));
  for (const index of files) notices.push(...index.notices);
  const finder = new ImageFinder(found);
  const taken = new Map<string, { file: FoundFile; index: TaskIndex; task: StoredTask }>();
  for (const index of files) {
    for (const task of index.tasks) {
      await steps.take(0);
      const image = imageOf(finder, task);
      if (image.file === null) {
        notices.push(leftOut(task.name, image.problem));
        continue;
      }
      const other = taken.get(image.file.path);
      if (other === undefined) taken.set(image.file.path, { file: image.file, index, task });
      else notices.push(leftOut(task.name, `is of the same image as ${other.task.name}.`));
    }
  }
  const structures =
    layout === null ? structuresOf(files) : new Map(Object.entries(layout.structures));
  return { root, files, structures, cases: withIds(taken), notices };
}
