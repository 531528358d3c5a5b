/** Reading a zip that anybody may have made: looked at and bounded before anything of it is written. */
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { UserError } from '../errors.ts';
import { MANIFEST, PACK_VERSION, PackManifest, SUMS, isPackName } from './layout.ts';

/** A project of a million labels has fewer. */
const MOST_ENTRIES = 4_000_000;
const LARGEST_MANIFEST = 1024 * 1024;
/** No project shrinks to less than a hundredth, beyond what is small anyway. */
const MOST_SHRUNK = 100;
const SMALL = 64 * 1024 * 1024;

/** What is wrong with the file, in the words of who found it. */
export function damaged(file: string, why: string): UserError {
  return new UserError(
    `${file} is not a packed project, or is damaged (${why.replace(/\.$/, '')}): pack it again.`,
    { code: 'bad-file' },
  );
}

/** Runs `work` on the zip; what the zip itself is at fault for becomes one sentence. */
export async function ofZip<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // yauzl says it in plain errors, zlib with a code of its own; disks have other codes.
    const { code, name } = error as NodeJS.ErrnoException;
    const plain = name === 'Error' && (code === undefined || code.startsWith('Z_'));
    throw plain ? damaged(file, (error as Error).message) : error;
  }
}

/** Opens the zip for one walk through its entries. */
export async function openZip(file: string): Promise<yauzl.ZipFile> {
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new UserError(`There is no file ${file}: give the file that "overread pack" made.`, {
      code: 'not-found',
    });
  }
  return ofZip(file, () => yauzl.openPromise(file, { lazyEntries: true, autoClose: false }));
}

/** All entries, in the order of the directory; once for each opening. */
export async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  // Not handed on as it is: asked once more after its end, it never answers.
  for await (const entry of zip.eachEntry()) yield entry;
}

/** What a pack says of itself. */
export interface PackListing {
  readonly manifest: PackManifest;
  /** SHA-256 of every file in it but the list itself. */
  readonly sums: Map<string, string>;
  /** Of all files, unpacked. */
  readonly bytes: number;
}

/**
 * Looks at all entries without unpacking them.
 * @throws UserError when it is no packed project, was made by a newer version, or claims sizes that no
 * project has.
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
    if (bytes > SMALL + MOST_SHRUNK * zip.fileSize) {
      throw damaged(file, 'it claims to be far larger than it can be');
    }
    if (fileName === SUMS) list = entry;
    if (fileName === MANIFEST) manifest = await readManifest(zip, entry, file);
  }
  if (!manifest || !list) throw damaged(file, `it has no ${manifest ? SUMS : MANIFEST}`);
  return { manifest, bytes, sums: await readSums(await zip.openReadStreamPromise(list), file) };
}

/** A name that may hold anything, as a part of a sentence. */
function shown(name: string): string {
  return name.slice(0, 100).replaceAll(/\p{C}/gu, '?');
}

async function readManifest(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  file: string,
): Promise<PackManifest> {
  if (entry.uncompressedSize > LARGEST_MANIFEST) throw damaged(file, `its ${MANIFEST} is too long`);
  const text = (await buffer(await zip.openReadStreamPromise(entry))).toString('utf8');
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below, as for any other content.
  }
  const parsed = PackManifest.safeParse(value);
  if (!parsed.success) throw damaged(file, `its ${MANIFEST} is not that of a project`);
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
  // A stream's error ends the lines as if they were all there were.
  let failure: Error | null = null;
  stream.once('error', (error: Error) => (failure = error));
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (!match) throw damaged(file, `its ${SUMS} is no list of sums`);
    sums.set(match[2], match[1]);
  }
  if (failure) throw failure as Error;
  return sums;
}
