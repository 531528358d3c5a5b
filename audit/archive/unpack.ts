/**
 * Unpacks a project from a pack and checks every file in it. If one file is wrong, no project is made.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type yauzl from 'yauzl';
import type { UnpackResult } from '../contract/api.ts';
import type { OnProgress } from '../datasets/types.ts';
import { inOrder, secondsLeft } from '../datasets/import/pipeline.ts';
import { UserError } from '../errors.ts';
import { OWN_FILE, OWN_FOLDER } from '../store/files.ts';
import { temporaryBeside } from '../store/leftovers.ts';
import { explainProblem } from '../store/problems.ts';
import { openProject, openProjectForWriting } from '../store/project.ts';
import { removeTrust } from '../store/trust.ts';
import { syncFolder } from '../../models/files.ts';
import { PACKED_IMAGES, MANIFEST, SUMS } from './layout.ts';
import { contentOf, damaged, entriesOf, lookInto, ofZip, openZip } from './read.ts';
import type { PackListing } from './read.ts';
import { checkSpace, requireFolder, requireFree } from './place.ts';
import { summing } from './sum.ts';

export interface UnpackOptions {
  /** The author of the audit row that links the project to its unpacked images. */
  readonly author: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** At most this many files are written at the same time. */
const IN_FLIGHT = 8;

function checkTarget(target: string): void {
  requireFree(target, 'give the name of a new folder');
  requireFolder(dirname(target));
}

/**
 * Unpacks `file` into the new folder `folder`. If the pack holds the images, the project is linked to
 * them. On failure no folder is left behind.
 * @throws UserError if the file is no packed project, is damaged or does not fit on the disk, or if
 *   the folder exists
 * @throws AbortError if cancelled
 */
export async function unpackProject(
  file: string,
  folder: string,
  options: UnpackOptions,
): Promise<UnpackResult> {
  const [source, target] = [resolve(file), resolve(folder)];
  checkTarget(target);
  const parent = dirname(target);
  const found = await lookInto(source);
  await checkSpace(parent, found.bytes, 'The project');
  const temporary = temporaryBeside(target);
  const staging = temporary.path;
  try {
    await mkdir(staging, { mode: OWN_FOLDER });
    await extract(source, staging, found, options);
    const result = await settle(source, staging, found.manifest.images, options);
    options.signal?.throwIfAborted();
    checkTarget(target);
    // The person may have trusted another project that lay there before.
    removeTrust(target);
    await rename(staging, target);
    await syncFolder(parent);
    return { folder: target, ...result };
  } catch (error) {
    const problem = explainProblem(error, target);
    // The message may name the staging folder, which is removed. It must name the person's folder.
    throw problem instanceof UserError
      ? new UserError(problem.message.replaceAll(staging, target), { code: problem.code })
      : problem;
  } finally {
    temporary.remove();
  }
}

/**
 * Writes every entry and compares its SHA-256 with the one in `sums`. Every name in `sums` must have
 * exactly one entry.
 */
async function extract(
  source: string,
  staging: string,
  { sums }: PackListing,
  { signal, onProgress }: UnpackOptions,
): Promise<void> {
  const total = sums.size;
  const startedAt = performance.now();
  const folders = new Set([staging]);
  const zip = await openZip(source);
  const one = async (entry: yauzl.Entry): Promise<string> => {
    const { fileName: name } = entry;
    if (name === SUMS) return name;
    signal?.throwIfAborted();
    const sum = sums.get(name);
    // A name is removed from `sums` when its entry is read, so a second entry of that name is refused.
    if (sum === undefined) {
      throw damaged(source, `“${name}” is not in ${SUMS}, or is in the zip twice`);
    }
    sums.delete(name);
    const to = join(staging, name);
    const found = await put(zip, entry, to, folders).catch((error: NodeJS.ErrnoException) => {
      const why = `“${name}” is another file’s name in it, too, or no name for this disk`;
      throw NO_NAME.has(error.code ?? '') ? damaged(source, why) : error;
    });
    if (found !== sum) {
      throw damaged(source, `“${name}” is not what was packed`);
    }
    return name;
  };
  try {
    let done = 0;
    await ofZip(source, async () => {
      for await (const name of inOrder(entriesOf(zip), IN_FLIGHT, one)) {
        if (name === SUMS) continue;
        done += 1;
        const left = secondsLeft(startedAt, done, total);
        onProgress?.({ task: 'unpack', message: 'Unpacking', done, total, secondsLeft: left });
      }
    });
    const [missing] = sums.keys();
    if (missing !== undefined) throw damaged(source, `“${missing}” is missing`);
    for (const made of folders) await syncFolder(made);
  } finally {
    zip.close();
  }
}

/** A disk's errors for a name that another file has, or that no file may have. */
const NO_NAME = new Set(['EEXIST', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'EINVAL']);

/**
 * Writes one entry, and makes its folder unless it is one of `folders`.
 * @returns its SHA-256
 */
async function put(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  to: string,
  folders: Set<string>,
): Promise<string> {
  const folder = dirname(to);
  if (!folders.has(folder)) await mkdir(folder, { recursive: true });
  folders.add(folder);
  let found = '';
  const tap = summing((sum) => (found = sum));
  const content = await contentOf(zip, entry);
  await pipeline(content, tap, createWriteStream(to, { flags: 'wx', flush: true, mode: OWN_FILE }));
  return found;
}

/**
 * Makes a project folder of the unpacked files, then opens the project and verifies everything in it.
 * @param images whether the pack holds images; then the project is linked to them
 * @throws UserError if the project has an error
 */
async function settle(
  source: string,
  folder: string,
  images: boolean,
  { author, signal, onProgress }: UnpackOptions,
): Promise<Omit<UnpackResult, 'folder'>> {
  await rm(join(folder, MANIFEST));
  for (const name of ['labels', 'runs', 'cache']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  // An older project is brought to this version.
  const purpose = 'overread unpack';
  const writer = await openProjectForWriting(folder, { purpose, isOurs: true });
  try {
    if (images) writer.relink(join(folder, PACKED_IMAGES), { author });
  } finally {
    writer.close();
  }
  const project = await openProject(folder);
  try {
    const findings = await project.verify({
      images,
      ...(signal && { signal }),
      onProgress: (done, total) =>
        onProgress?.({ task: 'unpack', message: 'Verifying', done, total, secondsLeft: null }),
    });
    const error = findings.find(({ severity }) => severity === 'error');
    if (error !== undefined) {
      throw new UserError(
        `${source} holds a project with errors, so nothing is kept: ${error.message}`,
        {
          code: 'bad-file',
        },
      );
    }
    return { name: project.name, cases: project.counts.cases, images };
  } finally {
    project.close();
  }
}
