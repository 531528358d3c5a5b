/**
 * Reads a zip of unknown origin. The names, the number and the sizes of its entries are checked before
 * any file is written.
 */
import { stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { UserError } from '../errors.ts';
import { openRegular } from '../regular.ts';
import { MANIFEST, PACK_VERSION, PackManifest, SUMS, isPackName } from './layout.ts';
import { ZipBytes } from './zip-bytes.ts';

/** The most entries that a zip may have. A project of a million labels has fewer. */
const MOST_ENTRIES = 4_000_000;
const LARGEST_MANIFEST = 1024 * 1024;
/**
 * A zip may unpack to `SMALL` bytes, plus `MOST_SHRUNK` bytes for each byte of the zip. No project
 * compresses so well, so a zip that claims more is refused.
 */
const MOST_SHRUNK = 100;
const SMALL = 64 * 1024 * 1024;

/** The error for a file that is no valid pack. @param why the problem, as part of a sentence */
export function damaged(file: string, why: string): UserError {
  return new UserError(
    `${file} is not a packed project, or is damaged (${why.replace(/\.$/, '')}): pack it again.`,
    { code: 'bad-file' },
  );
}

/** The error for a zip, by what is wrong with it. */
type Refuse = (why: string) => UserError;

/** Runs `work`, which reads the zip. @throws UserError if yauzl or zlib finds the zip damaged */
export async function ofZip<T>(
  file: string,
  work: () => Promise<T>,
  refuse: Refuse = (why) => damaged(file, why),
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Errors of yauzl have no code, those of zlib a code `Z_…`. Errors of the disk have other codes.
    const { code, name } = error as NodeJS.ErrnoException;
    const plain = name === 'Error' && (code === undefined || code.startsWith('Z_'));
    throw plain ? refuse((error as Error).message) : error;
  }
}

/** Opens the zip for one pass over its entries. */
export async function openZip(file: string, refuse?: Refuse): Promise<yauzl.ZipFile> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new UserError(`There is no file ${file}: give the file that "overread pack" made.`, {
      code: 'not-found',
    });
  }
  const handle = await openRegular(file);
  try {
    const zip = await ofZip(file, () => zipOf(handle, found.size), refuse);
    // yauzl tells errors to who waits for the next entry. Nobody may wait any more, and an error that
    // nobody hears would end the process.
    zip.on('error', () => undefined);
    return zip;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function zipOf(handle: FileHandle, size: number): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false };
    yauzl.fromRandomAccessReader(new ZipBytes(handle), size, options, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

/** Opens the content of one entry. An error of it reaches whoever reads it, or nobody. */
export async function contentOf(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  const content = await zip.openReadStreamPromise(entry);
  // yauzl may tell a second error after the reader has left.
  content.on('error', () => undefined);
  return content;
}

/** Yields all entries in the order of the zip's directory. An opened zip can be read only once. */
export async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  // yauzl's own iterator never answers a request after its last entry. This generator does.
  for await (const entry of zip.eachEntry()) yield entry;
}

/** Whether a zip claims to unpack to more than a zip of its size ever does. */
export const isTooLarge = ({ fileSize, entryCount }: yauzl.ZipFile, bytes: number): boolean =>
  entryCount > MOST_ENTRIES || bytes > SMALL + MOST_SHRUNK * fileSize;

/** The manifest, checksums and size of a pack. */
export interface PackListing {
  readonly manifest: PackManifest;
  /** By name of a file in the pack: its SHA-256. The list of sums itself is missing. */
  readonly sums: Map<string, string>;
  /** Size of all files together, unpacked, in bytes. */
  readonly bytes: number;
}

/**
 * Checks the names and sizes of all entries. Only the manifest and the list of sums are unpacked.
 * @throws UserError if the file is no packed project, comes from a newer version, or claims sizes
 *   that no project has
 */
export async function lookInto(file: string): Promise<PackListing> {
  const zip = await openZip(file);
  try {
    return await ofZip(file, () => look(zip, file));
  } finally {
    zip.close();
  }
}

async function look(zip: yauzl.ZipFile, file: string): Promise<PackListing> {
  if (zip.entryCount > MOST_ENTRIES) throw damaged(file, `it holds ${zip.entryCount} files`);
  let bytes = 0;
  let manifest: PackManifest | null = null;
  let list: yauzl.Entry | null = null;
  for await (const entry of entriesOf(zip)) {
    const { fileName, uncompressedSize } = entry;
    if (!isPackName(fileName)) throw damaged(file, `it holds “${shown(fileName)}”`);
    bytes += uncompressedSize;
    if (isTooLarge(zip, bytes)) {
      throw damaged(file, 'it claims an impossible size');
    }
    if (fileName === SUMS) list = entry;
    if (fileName === MANIFEST) manifest = await readManifest(zip, entry, file);
  }
  if (!manifest || !list) throw damaged(file, `it has no ${manifest ? SUMS : MANIFEST}`);
  return { manifest, bytes, sums: await readSums(await contentOf(zip, list), file) };
}

/** An unchecked name, made safe for a message. */
export function shown(name: string): string {
  return name.slice(0, 100).replaceAll(/\p{C}/gu, '?');
}

async function readManifest(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  file: string,
): Promise<PackManifest> {
  if (entry.uncompressedSize > LARGEST_MANIFEST) throw damaged(file, `its ${MANIFEST} is too long`);
  const text = (await buffer(await contentOf(zip, entry))).toString('utf8');
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // `value` stays null, so the check below reports the manifest as not valid.
  }
  const parsed = PackManifest.safeParse(value);
  if (!parsed.success) throw damaged(file, `its ${MANIFEST} is not valid`);
  if (parsed.data.version > PACK_VERSION) {
    throw new UserError(
      `${file} was packed by a newer version of Overread: update Overread to unpack it.`,
      { code: 'newer-version' },
    );
  }
  return parsed.data;
}

async function readSums(stream: Readable, file: string): Promise<Map<string, string>> {
  const sums = new Map<string, string>();
  // When the stream fails, readline ends without an error. The error is kept here and thrown below.
  let failure: Error | null = null;
  stream.once('error', (error: Error) => (failure = error));
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
      if (!match) throw damaged(file, `its ${SUMS} is not a list of sums`);
      sums.set(match[2], match[1]);
    }
  } finally {
    stream.destroy();
  }
  if (failure) throw failure as Error;
  return sums;
}
