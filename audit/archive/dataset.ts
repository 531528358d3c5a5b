/**
 * Unpacks the archive of a dataset into a new folder, all of it or nothing. The archive is of unknown origin:
 * its names stay inside the folder, its sizes are bounded, and links are refused.
 */
import { createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import type yauzl from 'yauzl';
import { syncFolder } from '../../models/files.ts';
import { inOrder, secondsLeft } from '../datasets/import/pipeline.ts';
import type { Looking } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import { OWN_FILE, OWN_FOLDER } from '../store/files.ts';
import { temporaryBeside } from '../store/leftovers.ts';
import { explainProblem } from '../store/problems.ts';
import { isPlainName } from './layout.ts';
import { checkSpace, requireFolder, requireFree } from './place.ts';
import { contentOf, entriesOf, isTooLarge, ofZip, openZip, shown } from './read.ts';

/** At most this many files are written at the same time. */
const IN_FLIGHT = 8;
/** What macOS adds to an archive beside the files. */
const EXTRA = /(^|\/)(__MACOSX|\.DS_Store)(\/|$)/;
/** The kind of a file in the upper half of its attributes, as Unix writes it. */
const KIND = 0o170000;
const LINK = 0o120000;
const ENCRYPTED = 1;

const refused = (file: string, why: string): UserError =>
  new UserError(
    `${file} is not unpacked (${why.replace(/\.$/, '')}): unpack it with another program, look at it, and name the folder.`,
    { code: 'bad-file' },
  );

/** What an archive holds: its files, and their bytes when they are unpacked. */
interface Content {
  readonly files: number;
  readonly bytes: number;
}

function checkEntry(
  file: string,
  { fileName, externalFileAttributes, ...entry }: yauzl.Entry,
): void {
  const parts = fileName.replace(/\/$/, '').split('/');
  if (fileName.length > 4096 || !parts.every(isPlainName)) {
    throw refused(file, `it holds “${shown(fileName)}”, which is no name of a file`);
  }
  if (((externalFileAttributes >>> 16) & KIND) === LINK) {
    throw refused(file, `its “${shown(fileName)}” is a link`);
  }
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) {
    throw refused(file, 'it has a password');
  }
}

/** Checks the names and sizes of all entries before any is unpacked. */
async function lookInto(file: string, signal: AbortSignal | undefined): Promise<Content> {
  const refuse = (why: string): UserError => refused(file, why);
  const zip = await openZip(file, refuse);
  try {
    return await ofZip(file, () => contentOfAll(zip, file, signal), refuse);
  } finally {
    zip.close();
  }
}

async function contentOfAll(
  zip: yauzl.ZipFile,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Content> {
  let files = 0;
  let bytes = 0;
  for await (const entry of entriesOf(zip)) {
    signal?.throwIfAborted();
    checkEntry(file, entry);
    bytes += entry.uncompressedSize;
    files += 1;
    if (isTooLarge(zip, bytes)) throw refused(file, 'it claims an impossible size');
  }
  if (files === 0) throw refused(file, 'it is empty');
  return { files, bytes };
}

/** Whether a folder holds every file of the archive, in its size, such as after an earlier try. */
async function isUnpacked(file: string, folder: string, { signal }: Looking): Promise<boolean> {
  const zip = await openZip(file);
  try {
    for await (const { fileName, uncompressedSize } of entriesOf(zip)) {
      signal?.throwIfAborted();
      if (EXTRA.test(fileName)) continue;
      const found = await lstat(join(folder, fileName)).catch(() => null);
      const isSame = fileName.endsWith('/')
        ? found?.isDirectory()
        : found?.isFile() && found.size === uncompressedSize;
      if (isSame !== true) return false;
    }
    return true;
  } finally {
    zip.close();
  }
}

/** Passes its input on, and fails at the end if its checksum is not `sum`. */
function checking(sum: number): Transform {
  let found = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      found = crc32(chunk, found);
      done(null, chunk);
    },
    flush(done) {
      done(found === sum ? null : new Error('its checksum is wrong'));
    },
  });
}

async function write(zip: yauzl.ZipFile, entry: yauzl.Entry, to: string): Promise<void> {
  const out = createWriteStream(to, { flags: 'wx', flush: true, mode: OWN_FILE });
  await pipeline(await contentOf(zip, entry), checking(entry.crc32), out);
}

/** The refusal for a name that clashes with another one in the archive, or the error itself. */
function clash(file: string, name: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['EEXIST', 'ENOTDIR', 'EISDIR'].includes(code)
    ? refused(file, `it holds “${shown(name)}” twice`)
    : error;
}

async function extract(
  file: string,
  staging: string,
  content: Content,
  { signal, onProgress }: Looking,
): Promise<void> {
  const startedAt = performance.now();
  const folders = new Set([staging]);
  const refuse = (why: string): UserError => refused(file, why);
  const zip = await openZip(file, refuse);
  const one = async (entry: yauzl.Entry): Promise<number> => {
    signal?.throwIfAborted();
    const { fileName: name } = entry;
    if (EXTRA.test(name)) return entry.uncompressedSize;
    const to = join(staging, name);
    const isFolder = name.endsWith('/');
    const folder = isFolder ? to : dirname(to);
    try {
      if (!folders.has(folder)) {
        await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
        folders.add(folder);
      }
      if (!isFolder) await write(zip, entry, to);
    } catch (error) {
      throw clash(file, name, error);
    }
    return entry.uncompressedSize;
  };
  try {
    let done = 0;
    await ofZip(
      file,
      async () => {
        for await (const size of inOrder(entriesOf(zip), IN_FLIGHT, one)) {
          done += size;
          const left = secondsLeft(startedAt, done, content.bytes);
          const total = content.bytes;
          onProgress?.({ task: 'unpack', message: 'Unpacking', done, total, secondsLeft: left });
        }
      },
      refuse,
    );
    for (const made of folders) await syncFolder(made);
  } finally {
    zip.close();
  }
}

/**
 * Unpacks the archive `file` into the new folder `folder`. The archive is only read. On failure no folder is
 * left behind, and after a kill the next start removes what was written. A folder that holds all files of the
 * archive is left as it is.
 * @returns the folder, absolute
 * @throws UserError if the archive is damaged, unsafe or does not fit on the disk, or if the folder exists with
 *   other files
 * @throws AbortError if cancelled
 */
export async function unpackDataset(
  file: string,
  folder: string,
  watch: Looking = {},
): Promise<string> {
  const [source, target] = [resolve(file), resolve(folder)];
  const free = (): void => requireFree(target, `move it away, or unpack ${source} yourself`);
  requireFolder(dirname(target));
  const content = await lookInto(source, watch.signal);
  if (await isUnpacked(source, target, watch)) return target;
  free();
  await checkSpace(dirname(target), content.bytes, 'The dataset');
  const temporary = temporaryBeside(target);
  try {
    await mkdir(temporary.path, { mode: OWN_FOLDER });
    await extract(source, temporary.path, content, watch);
    if ((await readdir(temporary.path)).length === 0) throw refused(source, 'it is empty');
    watch.signal?.throwIfAborted();
    free();
    await rename(temporary.path, target);
    await syncFolder(dirname(target));
    return target;
  } catch (error) {
    throw explainProblem(error, target);
  } finally {
    temporary.remove();
  }
}
