/**
 * The writer `manifest`: writes images and masks to the same paths below the export's root that they have
 * in the dataset, and the manifest with the rows of the written labels. Files outside the root stay where
 * they are. If a mask outside the root was corrected, the new mask is written into the export, and its
 * row names the new path.
 */
import { basename, isAbsolute, join } from 'node:path';
import { extensionOf } from '../../../codecs/sniff.ts';
import { isExcluded } from '../../export/exported.ts';
import { foreseeManifest, maskFilesOf } from './losses.ts';
import { ownLayout } from '../../export/own-layout.ts';
import { isFile, putBytes, putCopy } from '../../export/target-folder.ts';
import { ManifestLayout, codingIn } from './reader.ts';
import { cellIn, planManifest } from './plan.ts';
import type { ManifestColumn, ManifestPlan, PlannedCase, PlannedLabel } from './plan.ts';
import type { EditedRow } from './columns.ts';
import {
  MaskStyles,
  PLAIN_STYLE,
  encodeMask,
  encodeValues,
  renamed,
} from '../../masks/mask-style.ts';
import { changed, leftOut } from '../../import/notices.ts';
import { inOrder } from '../../import/pipeline.ts';
import { IN_FLIGHT } from '../../export/write-cases.ts';
import { isWithin, portable } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, ExportedLabel, WriteOptions } from '../../types.ts';
import { drawValues, isUntouched, lostNotes, readValuesFile } from '../../masks/values.ts';

interface Job {
  readonly out: string;
  readonly options: WriteOptions;
  readonly plan: ManifestPlan;
  readonly styles: MaskStyles;
  /** The dataset's mask files relative to its root. A new file must not have one of these paths. */
  readonly taken: Set<string>;
}

/** The rows and notices of a written case. */
interface Written {
  readonly rows: readonly EditedRow[];
  readonly notices: readonly ImportNotice[];
}

const inside = (job: Job, path: string): boolean => isWithin(path, job.options.root);

/** The path of a file relative to the root, with `/`. In an export the file has the same path. */
const placeOf = (job: Job, path: string): string => portable(job.options.root, path);

/** An unused path for a new mask. */
function newPlace(job: Job, folder: string, id: string, extension: string): string {
  let path = `masks/${folder}${id}${extension}`;
  for (let n = 2; job.taken.has(path); n += 1) path = `masks/${folder}${id}-${n}${extension}`;
  job.taken.add(path);
  return path;
}

/**
 * The column and the new text of the cell that must change so that the row names `path`; an empty list if
 * the row already names it.
 */
function cell(job: Job, row: number, column: 'image' | 'mask', path: string): [string, string][] {
  const name = job.plan.names.get(column)!;
  return cellPath(job, row, column) === path ? [] : [[name, path]];
}

/** The normalised path below the root that a row names; '' if the row has an absolute path. */
function cellPath(job: Job, row: number, column: 'image' | 'mask'): string {
  const text = cellIn(job.plan, row, column);
  const place = placeOf(job, join(job.options.root, text));
  return isAbsolute(text) ? '' : place;
}

/** The rows of a label. @param path the new path of its mask, or null if the mask stays outside the root */
function rowsOf(
  job: Job,
  rows: readonly number[],
  imagePath: string | null,
  path: string | null,
): EditedRow[] {
  return rows.map((from) => ({
    from,
    cells: new Map([
      ...(imagePath === null ? [] : cell(job, from, 'image', imagePath)),
      ...(path === null ? [] : cell(job, from, 'mask', path)),
    ]),
  }));
}

/** Writes one mask file. @returns its new path, or null if it was not written */
async function writeFile(
  job: Job,
  item: ExportedCase,
  file: string,
  planned: readonly PlannedLabel[],
  labels: readonly ExportedLabel[],
): Promise<{ path: string | null; notices: ImportNotice[] }> {
  const { out, styles } = job;
  const isThere = await isFile(file);
  if (isThere && isUntouched(labels)) {
    if (!inside(job, file)) return { path: null, notices: [] };
    await putCopy(out, placeOf(job, file), file);
    return { path: placeOf(job, file), notices: [] };
  }
  const [{ structure, values }] = planned;
  const place = (style: Parameters<typeof renamed>[1]) => {
    const folder = values.length > 0 ? '' : `${structure}/`;
    return inside(job, file)
      ? renamed(placeOf(job, file), style)
      : newPlace(job, folder, item.id, extensionOf(renamed(file, style)));
  };
  if (values.length > 0) {
    if (!isThere) {
      const reason = 'is not there any more: its labels are left out of this export.';
      return { path: null, notices: [leftOut(file, reason)] };
    }
    const drawn = await drawValues(await readValuesFile(file), codingIn(planned, file), labels);
    const path = place(drawn.container);
    await putBytes(out, path, await encodeValues(drawn.values, drawn.container));
    const notice = changed(path, lostNotes(drawn));
    return { path, notices: notice === undefined ? [] : [notice] };
  }
  const mask = await labels[0].mask();
  if (mask === null) return { path: null, notices: [] };
  const style = isThere ? await styles.ofFile(file, join(file, '..')) : PLAIN_STYLE;
  const { bytes, notes } = await encodeMask(mask, style);
  const path = place(style);
  await putBytes(out, path, bytes);
  const gone = isThere ? undefined : 'was not there any more: written from the project.';
  const notice = changed(path, [gone, ...notes]);
  return { path, notices: notice === undefined ? [] : [notice] };
}

/**
 * Writes the mask of a label that was drawn in the project.
 * @returns a new row with the image, split, patient and study of the image's first row, or null if the
 *   label is absent
 */
async function writeNew(
  job: Job,
  item: ExportedCase,
  label: ExportedLabel,
  planned: PlannedCase,
  imagePath: string | null,
): Promise<EditedRow | null> {
  const mask = await label.mask();
  if (mask === null) return null;
  const path = newPlace(job, `${label.structure}/`, item.id, '.png');
  await putBytes(job.out, path, (await encodeMask(mask, PLAIN_STYLE)).bytes);
  const like = planned.rows[0];
  const cells = new Map<string, string>();
  const put = (column: ManifestColumn, text: string) => {
    const name = job.plan.names.get(column);
    if (name !== undefined && text !== '') cells.set(name, text);
  };
  put('image', imagePath ?? cellIn(job.plan, like, 'image'));
  put('mask', path);
  put('structure', label.structure);
  for (const column of ['split', 'patient', 'study'] as const) {
    put(column, cellIn(job.plan, like, column));
  }
  return { from: null, cells };
}

async function writeCase(job: Job, item: ExportedCase, planned: PlannedCase): Promise<Written> {
  const imagePath = inside(job, planned.image) ? placeOf(job, planned.image) : null;
  if (imagePath !== null) await putCopy(job.out, imagePath, item.imageFile, job.options.link);
  const rows: EditedRow[] = [];
  const notices: ImportNotice[] = [];
  for (const { file, planned: own, labels } of maskFilesOf(item, planned)) {
    const kept = own.filter((_, index) => !isExcluded(labels[index]));
    if (kept.length === 0) continue;
    const written = await writeFile(job, item, file, own, labels);
    notices.push(...written.notices);
    const isLost = written.path === null && (written.notices.length > 0 || inside(job, file));
    if (isLost) continue;
    for (const label of kept) rows.push(...rowsOf(job, label.rows, imagePath, written.path));
  }
  for (const label of item.labels) {
    if (label.sourceFile !== null || isExcluded(label)) continue;
    const row = await writeNew(job, item, label, planned, imagePath);
    if (row !== null) rows.push(row);
  }
  const bare = planned.rows.filter((row) => cellIn(job.plan, row, 'mask') === '');
  return { rows: [...rows, ...rowsOf(job, bare, imagePath, null)], notices };
}

/** Writes the manifest; copies it if no row has changed. */
async function writeTable(job: Job, rows: readonly EditedRow[]): Promise<void> {
  const { plan, out } = job;
  const old = rows.filter(({ from }) => from !== null).sort((a, b) => a.from! - b.from!);
  const isSame = old.length === plan.table.rows.length && old.length === rows.length;
  if (isSame && rows.every(({ cells }) => cells.size === 0)) {
    return putCopy(out, basename(plan.file), plan.file);
  }
  const added = rows.filter(({ from }) => from === null);
  await putBytes(out, basename(plan.file), await plan.table.encode([...old, ...added]));
}

/**
 * Reads the manifest of a dataset.
 * @returns the plan, and its cases by id
 * @throws UserError when the manifest cannot be read or the dataset came in another format.
 */
async function plannedCases(
  layout: unknown,
  { root }: WriteOptions,
): Promise<{ plan: ManifestPlan; cases: ReadonlyMap<string, PlannedCase> }> {
  const { file, named } = ownLayout(ManifestLayout, layout, 'manifest', 'folders');
  const plan = await planManifest(join(root, file), named);
  return { plan, cases: new Map(plan.cases.map((item) => [item.id, item])) };
}

async function write(
  job: Job,
  planned: ReadonlyMap<string, PlannedCase>,
  cases: AsyncIterable<ExportedCase>,
): Promise<ImportNotice[]> {
  const rows: EditedRow[] = [];
  const notices: ImportNotice[] = [];
  const one = async (item: ExportedCase): Promise<Written> => {
    const own = planned.get(item.id);
    if (own !== undefined) return writeCase(job, item, own);
    const reason = 'is in no row of the manifest any more: left out.';
    return { rows: [], notices: [leftOut(item.imageFile, reason)] };
  };
  for await (const done of inOrder(cases, IN_FLIGHT, one)) {
    rows.push(...done.rows);
    notices.push(...done.notices);
  }
  await writeTable(job, rows);
  return notices;
}

export const manifestWriter: DatasetWriter = {
  holds: null,
  folders: (root, layout) => {
    const parsed = ManifestLayout.safeParse(layout);
    return [root, ...(parsed.success ? parsed.data.outside : [])];
  },
  open: async (layout, options) => {
    const { plan, cases: planned } = await plannedCases(layout, options);
    return {
      foresee: (item) => foreseeManifest(planned.get(item.id), item),
      write: (out, cases) => {
        const files = plan.cases.flatMap(({ labels }) => labels.map(({ mask }) => mask));
        const taken = new Set(files.map((path) => portable(options.root, path)));
        const job: Job = { out, options, plan, styles: new MaskStyles(), taken };
        return write(job, planned, cases);
      },
    };
  },
};
