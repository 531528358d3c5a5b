/** Packs a project with its whole history into one file. */
import { existsSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream';
import type { PackResult } from '../contract/api.ts';
import { PACK_NAME } from '../contract/terms.ts';
import type { OnProgress } from '../datasets/types.ts';
import { datasetFolders } from '../datasets/export/export.ts';
import { secondsLeft } from '../datasets/import/pipeline.ts';
import { assertApart } from '../datasets/tree/places.ts';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { countRows } from '../store/cases.ts';
import { Database } from '../store/database.ts';
import { temporaryBeside } from '../store/leftovers.ts';
import { explainProblem } from '../store/problems.ts';
import { countMasks } from '../store/revisions.ts';
import type { ProjectReader } from '../store/types.ts';
import { syncFolder } from '../../models/files.ts';
import { fromBytes, fromDisk, imageFiles, labelFiles, runFiles } from './contents.ts';
import type { PackedFile } from './contents.ts';
import { DATABASE, MANIFEST, PACK_VERSION, SUMS } from './layout.ts';
import type { PackManifest } from './layout.ts';
import { requireFolder } from './place.ts';
import { summing } from './sum.ts';
import { writeZip } from './zip.ts';
import type { ZipSource } from './zip.ts';

export interface PackProjectOptions {
  /**
   * Whether the image files are packed too. If not, the packed project refers to the images in the
   * dataset's folder. Default: false.
   */
  readonly images?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

async function checkTarget(project: ProjectReader, file: string): Promise<void> {
  if (!PACK_NAME.test(file)) {
    throw new UserError(
      `A packed project must be named NAME.overread.zip: give ${file} another name.`,
    );
  }
  await assertApart('The packed project', file, datasetFolders(project));
  await assertApart('The packed project', file, [project.folder], 'the project');
  if (existsSync(file)) throw new UserError(`${file} is there already: give another name.`);
  requireFolder(dirname(file));
}

/**
 * The same file, but when it has been read, its SHA-256 is compared with `file.sum` (if there is one)
 * and its line is added to `sums`.
 */
function summed(file: PackedFile, sums: string[], onDone: () => void): ZipSource {
  return {
    ...file,
    async open() {
      const tap = summing((sum) => {
        if (file.sum && file.sum.is !== sum) throw new UserError(file.sum.otherwise);
        sums.push(`${sum}  ${file.name}\n`);
        onDone();
      });
      // `pipeline` passes an error of the file on to `tap`, from which the zip reads.
      return pipeline(await file.open(), tap, () => undefined);
    },
  };
}

/**
 * Packs the project as it is now into a new file, which must be named `NAME.overread.zip`. Other
 * processes may write the project meanwhile: the pack holds one state of the database and the files of
 * that state. On failure no new file is left behind.
 * @throws UserError if the file cannot be made there, or a file to be packed is missing or was changed
 * @throws AbortError if cancelled
 */
export async function packProject(
  project: ProjectReader,
  file: string,
  options: PackProjectOptions = {},
): Promise<PackResult> {
  const { images = false, signal, onProgress } = options;
  const target = resolve(file);
  await checkTarget(project, target);
  const [snapshot, temporary] = [temporaryBeside(target), temporaryBeside(target)];
  let db: Database | null = null;
  try {
    project.copyDatabase(snapshot.path);
    db = Database.openReadOnly(snapshot.path);
    const files = filesOf(project, db, snapshot.path, { images, onProgress });
    await writeZip(temporary.path, files, signal);
    signal?.throwIfAborted();
    if (existsSync(target)) throw new UserError(`${target} is there already: give another name.`);
    await rename(temporary.path, target);
    await syncFolder(dirname(target));
    const { cases } = project.counts;
    return { file: target, bytes: statSync(target).size, cases, images };
  } catch (error) {
    throw explainProblem(error, target);
  } finally {
    db?.close();
    temporary.remove();
    snapshot.remove();
  }
}

async function* filesOf(
  project: ProjectReader,
  db: Database,
  snapshot: string,
  { images, onProgress }: { images: boolean; onProgress: OnProgress | undefined },
): AsyncGenerator<ZipSource> {
  const { cases, labels } = countRows(db);
  const runs = await runFiles(db, project);
  const total = 2 + runs.length + countMasks(db) + (images ? cases : 0);
  const startedAt = performance.now();
  const sums: string[] = [];
  let done = 0;
  const onDone = (): void => {
    done += 1;
    const left = secondsLeft(startedAt, done, total);
    onProgress?.({ task: 'pack', message: 'Packing', done, total, secondsLeft: left });
  };
  const manifest: PackManifest = {
    format: 'overread-project',
    version: PACK_VERSION,
    overread: version(),
    name: project.name,
    cases,
    labels,
    images,
    packedAt: new Date().toISOString(),
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const withSum = (file: PackedFile): ZipSource => summed(file, sums, onDone);
  yield withSum(fromBytes(MANIFEST, () => Promise.resolve(text)));
  yield withSum(fromDisk(DATABASE, snapshot, `${snapshot} was deleted: pack the project again.`));
  for (const file of runs) yield withSum(file);
  for (const file of labelFiles(db, project)) yield withSum(file);
  if (images) for (const file of imageFiles(db, project)) yield withSum(file);
  yield fromBytes(SUMS, () => Promise.resolve(sums.join('')));
}
