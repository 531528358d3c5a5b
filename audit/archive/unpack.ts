/** A project out of one file: all of it, checked, or nothing. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, lstatSync, statSync } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type yauzl from 'yauzl';
import type { OnProgress } from '../datasets/types.ts';
import { inOrder, secondsLeft } from '../datasets/import/pipeline.ts';
import { UserError } from '../errors.ts';
import { explain } from '../store/problems.ts';
import { openProject, openProjectForWriting } from '../store/project.ts';
import { syncFolder } from '../../models/files.ts';
import { IMAGES, MANIFEST, SUMS } from './layout.ts';
import { damaged, entriesOf, lookInto, ofZip, openZip } from './read.ts';
import type { Look } from './read.ts';

export interface UnpackOptions {
  /** Who links the project to the images that came with it. */
  readonly author: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface UnpackResult {
  readonly folder: string;
  readonly name: string;
  readonly cases: number;
  /** Whether the images came with it; else the project points at the dataset it always did. */
  readonly images: boolean;
}

/** Files written at a time. */
const IN_FLIGHT = 8;

function checkPlace(target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false })) {
    throw new UserError(`${target} is there already: give the name of a new folder.`);
  }
  const parent = dirname(target);
  if (!statSync(parent, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`There is no folder ${parent}: make it, or give another one.`);
  }
}

async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return;
  const megabytes = (value: number): string => `${Math.ceil(value / 1e6).toLocaleString('en')} MB`;
  throw new UserError(
    `The project needs ${megabytes(bytes)} and ${folder} has ${megabytes(free)} left: free some space, or give another folder.`,
  );
}

/**
 * Unpacks `file` into the new folder `folder`. A project that came with its images is linked to them.
 * @throws UserError when the file is no packed project, is damaged or does not fit, or the folder is
 * there already; AbortError when cancelled. Nothing is left then.
 */
export async function unpackProject(
  file: string,
  folder: string,
  options: UnpackOptions,
): Promise<UnpackResult> {
  const [source, target] = [resolve(file), resolve(folder)];
  checkPlace(target);
  const parent = dirname(target);
  const found = await lookInto(source);
  await checkSpace(parent, found.bytes);
  const staging = join(parent, `.${basename(target)}.${randomUUID().slice(0, 8)}.part`);
  try {
    await mkdir(staging);
    await extract(source, staging, found, options);
    const result = await settle(staging, found.manifest.images, options.author);
    options.signal?.throwIfAborted();
    checkPlace(target);
    await rename(staging, target);
    await syncFolder(parent);
    return { folder: target, ...result };
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    const told = explain(error, target);
    // Nobody knows the folder that it was unpacked into first.
    throw told instanceof UserError
      ? new UserError(told.message.replaceAll(staging, target))
      : told;
  }
}

/** Writes every file, each with the hash that the list gives it, and each file of the list. */
async function extract(
  source: string,
  staging: string,
  { sums }: Look,
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
    // Of a name that comes twice the second is in no list any more.
    if (sum === undefined) throw damaged(source, `“${name}” is not in its list, or twice`);
    sums.delete(name);
    const to = join(staging, name);
    if (!folders.has(dirname(to))) {
      await mkdir(dirname(to), { recursive: true });
      folders.add(dirname(to));
    }
    if ((await write(zip, entry, to)) !== sum) {
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

/** @returns the SHA-256 of what was written */
async function write(zip: yauzl.ZipFile, entry: yauzl.Entry, to: string): Promise<string> {
  const hash = createHash('sha256');
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const content = await zip.openReadStreamPromise(entry);
  await pipeline(content, tap, createWriteStream(to, { flags: 'wx', flush: true }));
  return hash.digest('hex');
}

/** Makes a project's folder of what was unpacked: opened as a check, and linked to its images. */
async function settle(
  folder: string,
  images: boolean,
  author: string,
): Promise<Omit<UnpackResult, 'folder'>> {
  await rm(join(folder, MANIFEST));
  for (const name of ['labels', 'runs', 'cache']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  if (images) {
    const purpose = 'overread unpack';
    const writer = await openProjectForWriting(folder, { purpose });
    try {
      writer.relink(join(folder, IMAGES), { author });
    } finally {
      writer.close();
    }
  }
  const project = await openProject(folder);
  try {
    return { name: project.name, cases: project.counts.cases, images };
  } finally {
    project.close();
  }
}
