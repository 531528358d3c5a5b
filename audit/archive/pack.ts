/** A project with its whole history in one file. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform, pipeline } from 'node:stream';
import { PACK_NAME } from '../contract/terms.ts';
import type { OnProgress } from '../datasets/types.ts';
import { datasetFolders } from '../datasets/export/export.ts';
import { secondsLeft } from '../datasets/import/pipeline.ts';
import { assertApart } from '../datasets/tree/places.ts';
import { UserError } from '../errors.ts';
import { version } from '../version.ts';
import { Database } from '../store/database.ts';
import { explain } from '../store/problems.ts';
import type { ProjectReader } from '../store/types.ts';
import { syncFolder } from '../../models/files.ts';
import { fromBytes, fromDisk, imageFiles, labelFiles, runFiles } from './contents.ts';
import type { PackedFile } from './contents.ts';
import { DATABASE, MANIFEST, PACK_VERSION, SUMS } from './layout.ts';
import type { PackManifest } from './layout.ts';
import { writeZip } from './zip.ts';
import type { ZipSource } from './zip.ts';

export interface PackOptions {
  /** Also the image files; without them the project goes on pointing at its dataset. */
  readonly images?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface PackResult {
  readonly file: string;
  readonly bytes: number;
  readonly cases: number;
  readonly images: boolean;
}

async function checkPlace(project: ProjectReader, file: string): Promise<void> {
  if (!PACK_NAME.test(file)) {
    throw new UserError(`A packed project is called NAME.overread.zip: ${file} is not.`);
  }
  await assertApart('The packed project', file, datasetFolders(project));
  await assertApart('The packed project', file, [project.folder], 'the project');
  if (existsSync(file)) throw new UserError(`${file} is there already: give another name.`);
  const folder = dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`There is no folder ${folder}: make it, or give another one.`);
  }
}

/** The same file; its SHA-256 goes to `sums` when it has been read to its end. */
function summed(file: PackedFile, sums: string[], onDone: () => void): ZipSource {
  return {
    ...file,
    async open() {
      const hash = createHash('sha256');
      const tap = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
        flush(done) {
          const sum = hash.digest('hex');
          if (file.sum && file.sum.is !== sum) return done(new UserError(file.sum.otherwise));
          sums.push(`${sum}  ${file.name}\n`);
          onDone();
          done();
        },
      });
      // A failure of either reaches the tap, which is what the zip listens to.
      return pipeline(await file.open(), tap, () => undefined);
    },
  };
}

/**
 * Packs the project as it is now into the new file `file`, `NAME.overread.zip`. Others may go on
 * writing it: what is packed is one state of its database and the files that belong to it.
 * @throws UserError when the place will not do or a file is missing; AbortError when cancelled.
 * Nothing is left then.
 */
export async function packProject(
  project: ProjectReader,
  file: string,
  options: PackOptions = {},
): Promise<PackResult> {
  const { images = false, signal, onProgress } = options;
  const target = resolve(file);
  await checkPlace(project, target);
  const beside = (end: string): string =>
    join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.${end}`);
  const [snapshot, temporary] = [beside('db'), beside('part')];
  let db: Database | null = null;
  try {
    project.copyDatabase(snapshot);
    db = Database.openReadOnly(snapshot);
    await writeZip(temporary, filesOf(project, db, snapshot, { images, onProgress }), signal);
    signal?.throwIfAborted();
    if (existsSync(target)) throw new UserError(`${target} is there already: give another name.`);
    await rename(temporary, target);
    await syncFolder(dirname(target));
    const { cases } = project.counts;
    return { file: target, bytes: statSync(target).size, cases, images };
  } catch (error) {
    throw explain(error, target);
  } finally {
    db?.close();
    await rm(temporary, { force: true });
    await rm(snapshot, { force: true });
  }
}

async function* filesOf(
  project: ProjectReader,
  db: Database,
  snapshot: string,
  { images, onProgress }: { images: boolean; onProgress: OnProgress | undefined },
): AsyncGenerator<ZipSource> {
  const count = (sql: string): number => db.get<{ n: number }>(sql)?.n ?? 0;
  const cases = count('SELECT count(*) AS n FROM cases');
  const runs = await runFiles(db, project);
  const total =
    2 +
    runs.length +
    count('SELECT count(DISTINCT mask) AS n FROM revisions') +
    (images ? cases : 0);
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
    labels: count("SELECT count(*) AS n FROM labels WHERE state <> 'absent'"),
    images,
    packedAt: new Date().toISOString(),
  };
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const withSum = (file: PackedFile): ZipSource => summed(file, sums, onDone);
  yield withSum(fromBytes(MANIFEST, () => Promise.resolve(text)));
  yield withSum(fromDisk(DATABASE, snapshot, `${snapshot} was deleted: pack the project again.`));
  for (const file of runs) yield withSum(file);
  for (const file of labelFiles(db, project.folder)) yield withSum(file);
  if (images) for (const file of imageFiles(db, project.origin.root)) yield withSum(file);
  yield fromBytes(SUMS, () => Promise.resolve(sums.join('')));
}
