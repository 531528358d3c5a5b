/**
 * Lists the files of a project that go into a pack. A snapshot of the project's database says which
 * files these are.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from '../errors.ts';
import { openRegular } from '../regular.ts';
import type { Database } from '../store/database.ts';
import { imagePages } from '../store/cases.ts';
import { MaskFiles, SHARDS } from '../store/maskfiles.ts';
import type { ProjectReader } from '../store/types.ts';
import { readSampleSetHead } from '../../models/sampleset.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { PACKED_IMAGES, isPackName } from './layout.ts';
import type { ZipSource } from './zip.ts';

/** A file to be packed, with the checksum it must have. */
export interface PackedFile extends ZipSource {
  /**
   * `is`: the SHA-256 that the file must have. `otherwise`: the message to a person if the file has
   * another SHA-256. Missing if no SHA-256 is known.
   */
  readonly sum?: { readonly is: string; readonly otherwise: string };
}

/**
 * Files of a run that are not packed: half-written ones, and checkpoints, which are very large and only
 * needed to resume a training.
 */
const LEFT_BEHIND = /^checkpoint\.|\.part$/;
/** Names of the files that are compressed in the zip. Networks and weights hardly get smaller. */
const SHRINKS = /\.(db|json|jsonl|txt)$/;

/**
 * A file on disk.
 * @param missing the message if it does not exist
 * @param check throws if the project may not carry the file away
 */
export function fromDisk(
  name: string,
  file: string,
  missing: string,
  check: (file: string) => void = () => undefined,
): PackedFile {
  return {
    name,
    compress: SHRINKS.test(name),
    open: async () => {
      check(file);
      try {
        return (await openRegular(file)).createReadStream();
      } catch (error) {
        throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new UserError(missing) : error;
      }
    },
  };
}

/** A file whose content is made while packing. */
export function fromBytes(name: string, bytes: () => Promise<string | Buffer>): PackedFile {
  return {
    name,
    compress: true,
    open: async () => Readable.from([await bytes()], { objectMode: false }),
  };
}

/**
 * Every mask file that a revision refers to, one folder after the other (`labels/00/` to `labels/ff/`).
 */
export function* labelFiles(db: Database, project: ProjectReader): Generator<PackedFile> {
  const masks = new MaskFiles(path.join(project.folder, 'labels'));
  const check = (file: string): void => project.assertInProject(file);
  for (const prefix of SHARDS) {
    const rows = db.all<{ mask: string }>(
      'SELECT DISTINCT mask FROM revisions WHERE mask >= ? AND mask < ?',
      prefix,
      `${prefix}g`,
    );
    for (const { mask } of rows) {
      const file = masks.fileOf(mask);
      const missing = `The label file ${file} is missing: put it back from a backup.`;
      yield fromDisk(`labels/${prefix}/${mask}.mask`, file, missing, check);
    }
  }
}

/**
 * The files of all runs that are not in progress. Of a run's sample set only the head is packed, which
 * names the cases and labels. The pictures of a sample set belong to the dataset, so they are left out.
 */
export async function runFiles(db: Database, project: ProjectReader): Promise<PackedFile[]> {
  const found: PackedFile[] = [];
  for (const { id } of db.all<{ id: string }>('SELECT id FROM runs ORDER BY sequence')) {
    if (project.run(id)?.status === 'running') continue;
    const folder = project.runFolder(id);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || LEFT_BEHIND.test(entry.name)) continue;
      const file = path.join(entry.parentPath, entry.name);
      const name = `runs/${id}/${path.relative(folder, file).split(path.sep).join('/')}`;
      if (!isPackName(name)) continue;
      project.assertInProject(file);
      if (entry.name !== RUN_FILES.samples) {
        found.push(fromDisk(name, file, `${file} has just been deleted: pack the project again.`));
        continue;
      }
      const head = await readSampleSetHead(file).catch(() => null);
      if (head) found.push(fromBytes(name, () => Promise.resolve(head.bytes)));
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Every image, with the SHA-256 it had at its import.
 * @throws UserError if the project comes from elsewhere and its images may not be copied
 */
export function* imageFiles(db: Database, project: ProjectReader): Generator<PackedFile> {
  project.assertMayCopy();
  const { root } = project.origin;
  const check = (file: string): void => project.assertInDataset(file);
  for (const rows of imagePages(db)) {
    for (const { file: stored, hash } of rows) {
      const file = path.resolve(root, stored);
      const instead = 'or pack the project without its images.';
      const missing = `The image ${file} is missing: say where the dataset lies now with "overread relink", ${instead}`;
      const otherwise = `The image ${file} is not the one that was imported: put the original back, ${instead}`;
      const name = `${PACKED_IMAGES}/${stored.split(path.sep).join('/')}`;
      if (path.isAbsolute(stored) || !isPackName(name)) {
        throw new UserError(
          `The image ${file} lies outside the dataset's folder ${root}, or has a name that other systems do not allow: pack the project without its images.`,
        );
      }
      yield {
        ...fromDisk(name, file, missing, check),
        compress: false,
        sum: { is: hash, otherwise },
      };
    }
  }
}
