// Makes a packed project, and mutates the files in it. The list of checksums is updated, so that it
// does not reveal the mutation.
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import { ZipFile } from 'yazl';
import { packProject } from '../../dist/audit/archive/pack.js';
import { SUMS } from '../../dist/audit/archive/layout.js';
import { createFromDataset } from '../../dist/audit/datasets/import/create.js';
import { openDataset } from '../../dist/audit/datasets/registry.js';
import { mutated } from './mutate.mjs';

/** Makes a project of the dataset. @returns the bytes of the project packed with its images */
export async function packedProject(dataset, folder) {
  const place = join(folder, 'p.overread');
  const { project } = await createFromDataset(place, await openDataset(dataset));
  const file = join(folder, 'p.overread.zip');
  try {
    await packProject(project, file, { images: true });
  } finally {
    project.close();
  }
  return readFileSync(file);
}

async function entriesOf(bytes) {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
  const entries = [];
  for await (const entry of zip.eachEntry()) {
    entries.push({
      name: entry.fileName,
      bytes: await buffer(await zip.openReadStreamPromise(entry)),
    });
  }
  return entries;
}

const NAMES = [
  '../out.txt',
  '/etc/x',
  'images/../../x',
  'C:\\x',
  'labels/a\\b',
  'a\u0000b',
  'runs/x',
];

/** Changes, renames or removes one file in the zip, and updates the list of checksums. */
export async function repacked(zip, _about, numbers) {
  const entries = (await entriesOf(zip)).filter(({ name }) => name !== SUMS);
  const at = numbers.below(entries.length);
  const entry = entries[at];
  const kind = numbers.below(8);
  if (kind === 0) entries.splice(at, 1);
  else if (kind === 1) entry.name = NAMES[numbers.below(NAMES.length)];
  else
    entry.bytes = mutated(
      entry.bytes,
      { kind: entry.name.endsWith('.json') ? 'json' : null },
      numbers,
    );
  const sums = entries
    .map(({ name, bytes }) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`)
    .join('');
  const out = new ZipFile();
  for (const { name, bytes } of [...entries, { name: SUMS, bytes: Buffer.from(sums) }]) {
    // The library refuses names that lead out of the folder. It gets a name of equal length, which is
    // replaced below.
    const safe = /^[\w./-]+$/.test(name) && !name.includes('..') && !name.startsWith('/');
    out.addBuffer(bytes, safe ? name : 'N'.repeat(Buffer.byteLength(name)));
  }
  out.end();
  const bytes = await buffer(out.outputStream);
  if (kind !== 1) return bytes;
  const name = Buffer.from(entry.name);
  const stand = Buffer.from('N'.repeat(name.length));
  for (let i = bytes.indexOf(stand); i >= 0; i = bytes.indexOf(stand, i + 1)) name.copy(bytes, i);
  return bytes;
}
