/** Unpacks chosen files of a wheel (a zip) as streams, because the largest file has 750 MB. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import yauzl from 'yauzl';

/**
 * Unpacks the entries for which `place` gives a path; paths are relative to `folder`.
 * @param onBytes gets the number of bytes written so far, and the number of bytes to write in all
 * @returns the number of files written
 * @throws Error when the file is not a whole zip, or an entry would be written outside the folder
 */
export async function unpack(
  zip: string,
  folder: string,
  place: (entry: string) => string | null,
  onBytes: (written: number, total: number) => void,
  signal?: AbortSignal,
): Promise<number> {
  const archive = await openZip(zip);
  try {
    const wanted: { entry: yauzl.Entry; to: string }[] = [];
    for (const entry of await entries(archive)) {
      const to = entry.fileName.endsWith('/') ? null : place(entry.fileName);
      if (to === null) continue;
      if (to.split(/[\\/]/).includes('..')) throw new Error(`${zip} holds a file outside: ${to}`);
      wanted.push({ entry, to: join(folder, to) });
    }
    const total = wanted.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    let written = 0;
    for (const { entry, to } of wanted) {
      await mkdir(dirname(to), { recursive: true });
      const count = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          written += chunk.length;
          onBytes(written, total);
          done(null, chunk);
        },
      });
      await pipeline(await content(archive, entry), count, createWriteStream(to), { signal });
    }
    return wanted.length;
  } finally {
    archive.close();
  }
}

function openZip(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error) reject(error);
      else resolve(file);
    });
  });
}

function entries(archive: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  return new Promise((resolve, reject) => {
    const found: yauzl.Entry[] = [];
    archive.on('error', reject);
    archive.on('end', () => resolve(found));
    archive.on('entry', (entry: yauzl.Entry) => {
      found.push(entry);
      archive.readEntry();
    });
    archive.readEntry();
  });
}

function content(archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}
