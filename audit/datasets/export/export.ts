/**
 * Exports a project as a corrected dataset, in the format of the imported dataset or in another one. The
 * export is written to a temporary folder beside the target, which is then renamed, so that a partial
 * export never appears.
 */
import { mkdir, readdir, rename, rmdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { counted } from '../../contract/words.ts';
import { UserError } from '../../errors.ts';
import type { ExportResult } from '../../contract/routes/runs.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { temporaryBeside } from '../../store/leftovers.ts';
import type { ProjectReader } from '../../store/types.ts';
import { assertRestInside, isImported } from './copied.ts';
import { errorsFound, exportedCase, isLeftOut } from './exported.ts';
import { layoutNow } from './layout-now.ts';
import { putBytes } from './target-folder.ts';
import { secondsLeft } from '../import/pipeline.ts';
import { assertApart } from '../tree/places.ts';
import { EXPORT_RECORD } from './unchanged-files.ts';
import type { ExportedCase, OnProgress } from '../types.ts';
import { formatToWrite, writtenFormats } from '../registry.ts';
import type { WrittenFormat } from '../registry.ts';
import { readingLayout } from './layout.ts';

export interface ExportOptions {
  /** Default: the format of the imported dataset, or plain folders if Overread cannot write that format. */
  readonly format?: string;
  /**
   * Makes hard links to the images instead of copies. That is fast, but a later edit of an image also
   * changes the dataset.
   */
  readonly link?: boolean;
  /**
   * Goes on where an image was changed since the import, and says so in a notice. Only for a project that the
   * person made or trusts.
   */
  readonly changedImages?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** An entry of `labels` in `overread-export.json`. */
interface RecordedLabel {
  readonly case: string;
  readonly structure: string;
  readonly verdict: string | null;
  readonly corrected: boolean;
  readonly written: boolean;
  readonly comment: string | null;
}

/** @throws UserError when `out` is a file, or a folder that is not empty. */
async function assertFree(out: string): Promise<void> {
  const entries = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new UserError(`${out} is a file: name a new folder.`);
    throw explain(error, out);
  });
  if (entries.length > 0) throw new UserError(`${out} is not empty: name a new folder.`);
}

/** Turns a known error of the file system into a UserError with advice; returns other errors unchanged. */
function explain(error: unknown, out: string): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError(
      `There is no space left for the export ${out}: free some and do it again.`,
      { code: 'disk-full' },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new UserError(
      `The export ${out} cannot be written: name a folder that you may write to.`,
      { code: 'read-only' },
    );
  }
  if (code === 'EEXIST' && path !== undefined) {
    return new UserError(
      `The export would write a file twice, the second time from ${path}: export in another format.`,
    );
  }
  if (code === 'ENOENT' && path !== undefined) {
    return new UserError(
      `${path} is not there any more: restore the dataset, or say where it lies now with "overread relink".`,
      { code: 'not-found' },
    );
  }
  return error;
}

/** The folders of the project's dataset. Overread never writes into them. */
export function datasetFolders(project: ProjectReader): readonly string[] {
  const { format, root, layout } = project.origin;
  const written = writtenFormats.find(({ name }) => name === format);
  return written?.writer.folders?.(root, layout) ?? [root];
}

/**
 * Writes the dataset of a project with its corrected labels into `out`, which must be new or empty.
 * Excluded labels are left out. `overread-export.json` lists every verdict and correction.
 * After an error or a cancellation nothing is left in `out`.
 * @throws UserError when the export cannot be written, an image is not the imported one, or the project
 *   comes from elsewhere and names files outside of the dataset; the signal's reason when cancelled.
 */
export async function exportDataset(
  project: ProjectReader,
  out: string,
  options: ExportOptions = {},
): Promise<ExportResult> {
  const format = formatToWrite(project.origin.format, options.format);
  const target = resolve(out);
  await assertApart('The export', target, datasetFolders(project));
  await assertApart('The export', target, [project.folder], 'the project');
  await assertFree(target);
  project.assertMayCopy();
  await assertRestInside(project, options.signal);
  const temporary = temporaryBeside(target);
  const staging = temporary.path;
  try {
    await mkdir(staging, { recursive: true });
    const done = await fill(project, format, staging, target, options);
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(staging, target);
    return done;
  } catch (error) {
    throw explain(error, target);
  } finally {
    temporary.remove();
  }
}

async function fill(
  project: ProjectReader,
  written: WrittenFormat,
  staging: string,
  out: string,
  options: ExportOptions,
): Promise<ExportResult> {
  const { name: format, writer } = written;
  const { signal, onProgress, link = false } = options;
  const changedToo = options.changedImages === true && project.isOwn;
  const changed: ExportResult['notices'][number][] = [];
  const { origin } = project;
  const total = project.counts.cases;
  const startedAt = performance.now();
  const labels: RecordedLabel[] = [];
  const excluded: { id: string; imageFile: string }[] = [];
  let looked = 0;
  let found = 0;
  const report = () =>
    onProgress?.({
      task: 'export',
      message: 'Exporting cases',
      done: looked,
      total,
      secondsLeft: secondsLeft(startedAt, looked, total),
    });
  async function* cases(): AsyncGenerator<ExportedCase> {
    for (const id of project.caseIds()) {
      signal?.throwIfAborted();
      const summary = project.case(id);
      if (summary === null) continue;
      const item = exportedCase(project, summary);
      labels.push(...recordedLabels(summary, item));
      found += errorsFound(summary);
      if (isLeftOut(summary)) excluded.push({ id, imageFile: item.imageFile });
      else {
        if (!(await isImported(item.imageFile, summary.imageHash, changedToo))) {
          changed.push({ kind: 'changed', file: item.imageFile, reason: CHANGED });
        }
        yield item;
      }
      looked += 1;
      report();
    }
  }
  report();
  const opened = await readingLayout(() =>
    writer.open(layoutNow(project, written), {
      root: origin.root,
      structures: project.structures,
      link,
      excluded,
    }),
  );
  const notices = [
    ...(await opened.write(staging, cases())),
    ...changed,
    ...removedStructures(project),
  ];
  signal?.throwIfAborted();
  const result: ExportResult = {
    out,
    cases: looked - excluded.length,
    found,
    corrected: labels.filter(({ corrected, written }) => corrected && written).length,
    excludedLabels: labels.filter(({ verdict }) => verdict === 'excluded').length,
    excludedCases: excluded.length,
    notices,
  };
  const record = {
    version: 1,
    project: project.name,
    format,
    exportedAt: new Date().toISOString(),
    cases: result.cases,
    errorsFound: result.found,
    excludedCases: excluded.map(({ id }) => id),
    labels,
    notices,
    leftOutOfImport: project.importNotices().filter(({ kind }) => kind === 'left-out').length,
  };
  await putBytes(staging, EXPORT_RECORD, `${JSON.stringify(record, null, 1)}\n`);
  return result;
}

/** A notice for each removed structure that has labels: they are not exported. */
function removedStructures(project: ProjectReader): ExportResult['notices'] {
  return project.structureCounts().flatMap(({ name, removed, labels }) =>
    removed && labels > 0
      ? [
          {
            kind: 'left-out' as const,
            file: name,
            reason: `is a removed structure: ${counted(labels, 'label')} of it stay in the project.`,
          },
        ]
      : [],
  );
}

/** What is said of an image that was exported although it was changed. */
const CHANGED =
  'is not the image that was imported: it was exported as it is now, with the labels of the old one.';

/** The labels of a case that a person judged or changed, for `overread-export.json`. */
function recordedLabels(summary: CaseSummary, item: ExportedCase): RecordedLabel[] {
  const rows: RecordedLabel[] = [];
  for (const { structure, verdict, corrected } of item.labels) {
    if (verdict === null && !corrected) continue;
    const label = summary.labels.find((candidate) => candidate.structure === structure);
    const written = verdict !== 'excluded' && label?.state !== 'absent';
    const comment = label?.comment ?? null;
    rows.push({ case: item.id, structure, verdict, corrected, written, comment });
  }
  return rows;
}
