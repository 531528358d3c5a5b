/**
 * The sample set: one file with images and labels at the network's resolution. The trainer reads no other
 * file of the project's data, so a training can run on another machine.
 *
 * Layout: 8 bytes magic `OVRSET01`, 4 bytes little-endian length of the manifest, the manifest (JSON,
 * UTF-8), zero padding to a multiple of 16, then the cases one after the other, each:
 *   image   height·width     uint16 little-endian, the full range 0 … 65535 is black to white
 *   labels  n·height·width   uint8, 0 or 1, structure by structure
 *   truth   n·height·width   uint8, only when the manifest says `truth: true`
 */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from './files.ts';

const MAGIC = 'OVRSET01';

export const SampleSetManifest = z.object({
  version: z.literal(1),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  structures: z.array(z.string()).min(1),
  /** Whether the true masks follow the labels. They are for reporting only: no gradient ever sees them. */
  truth: z.boolean(),
  cases: z.array(
    z.object({
      id: z.string(),
      /**
       * `train`: the trainer may hold the case out for validation. `validation`: it is always held out.
       * `test`: the trainer only reports on it.
       */
      split: z.enum(['train', 'validation', 'test']),
      /** Cases with the same number (the cases of one patient) are held out together. */
      group: z.number().int().nonnegative().optional(),
      /** For each structure, whether the label counts in the loss; false if it is absent or excluded. */
      present: z.array(z.boolean()),
      /** For each structure, the hash of the packed revision of the label, or null if it is absent. */
      masks: z.array(z.string().nullable()),
    }),
  ),
});
export type SampleSetManifest = z.infer<typeof SampleSetManifest>;

/** One case of a sample set. `labels` and `truth` are n·height·width, structure by structure. */
export interface Sample {
  readonly image: Uint16Array;
  readonly labels: Uint8Array;
  readonly truth: Uint8Array | null;
}

function bytesPerCase(manifest: SampleSetManifest): number {
  const pixels = manifest.width * manifest.height;
  const planes = manifest.structures.length * (manifest.truth ? 2 : 1);
  return pixels * 2 + pixels * planes;
}

function header(manifest: SampleSetManifest): Buffer {
  const json = Buffer.from(JSON.stringify(manifest), 'utf8');
  const used = MAGIC.length + 4 + json.length;
  const buffer = Buffer.alloc(Math.ceil(used / 16) * 16);
  buffer.write(MAGIC, 0, 'latin1');
  buffer.writeUInt32LE(json.length, MAGIC.length);
  json.copy(buffer, MAGIC.length + 4);
  return buffer;
}

/**
 * Writes a sample set to a temporary name beside `path`, syncs and renames it, so that nobody reads a
 * half-written one. `samples` are in the manifest's order.
 * @throws Error when the number or the size of the samples differs from the manifest.
 */
export async function writeSampleSet(
  path: string,
  manifest: SampleSetManifest,
  samples: AsyncIterable<Sample>,
): Promise<void> {
  await writeDurably(path, async (file) => {
    await file.write(header(SampleSetManifest.parse(manifest)));
    const size = bytesPerCase(manifest);
    let count = 0;
    for await (const sample of samples) {
      const bytes = Buffer.concat([
        Buffer.from(sample.image.buffer, sample.image.byteOffset, sample.image.byteLength),
        sample.labels,
        ...(manifest.truth && sample.truth ? [sample.truth] : []),
      ]);
      if (bytes.length !== size) {
        throw new Error(`sample ${count} has ${bytes.length} bytes, ${size} expected`);
      }
      await file.write(bytes);
      count += 1;
    }
    if (count !== manifest.cases.length) {
      throw new Error(`${count} samples written, ${manifest.cases.length} in the manifest`);
    }
  });
}

/** Reads the manifest, the bytes before the first case, and the file's size. The cases may be missing. */
async function readHead(
  file: FileHandle,
  path: string,
): Promise<{ manifest: SampleSetManifest; bytes: Buffer; size: number }> {
  const head = Buffer.alloc(MAGIC.length + 4);
  await file.read(head, 0, head.length, 0);
  if (head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new Error(`${path} is not a sample set: make it again.`);
  }
  const { size } = await file.stat();
  const start = Math.ceil((head.length + head.readUInt32LE(MAGIC.length)) / 16) * 16;
  if (start > size) throw new Error(`${path} is cut short: make the sample set again.`);
  const bytes = Buffer.alloc(start);
  await file.read(bytes, 0, start, 0);
  const json = bytes.toString('utf8', head.length, head.length + head.readUInt32LE(MAGIC.length));
  return { manifest: SampleSetManifest.parse(JSON.parse(json)), bytes, size };
}

/**
 * Reads the manifest of a sample set, and the bytes before its first case. A packed project keeps only
 * these bytes of a sample set.
 * @throws Error whose message is one sentence when `path` is no sample set; a system error when it cannot be read.
 */
export async function readSampleSetHead(
  path: string,
): Promise<{ manifest: SampleSetManifest; bytes: Buffer }> {
  const file = await open(path, 'r');
  try {
    return await readHead(file, path);
  } finally {
    await file.close();
  }
}

/** A sample set opened for reading; cases are read one at a time. */
export class SampleSet {
  readonly manifest: SampleSetManifest;
  readonly #file: FileHandle;
  readonly #start: number;

  private constructor(manifest: SampleSetManifest, file: FileHandle, start: number) {
    this.manifest = manifest;
    this.#file = file;
    this.#start = start;
  }

  /** @throws Error whose message is one sentence when `path` is not a whole sample set. */
  static async open(path: string): Promise<SampleSet> {
    const file = await open(path, 'r');
    try {
      const { manifest, bytes, size } = await readHead(file, path);
      if (size !== bytes.length + bytesPerCase(manifest) * manifest.cases.length) {
        throw new Error(`${path} is cut short: make the sample set again.`);
      }
      return new SampleSet(manifest, file, bytes.length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether the file at `path` is a sample set with all its cases. */
  static async isWhole(path: string): Promise<boolean> {
    const set = await SampleSet.open(path).catch(() => null);
    await set?.close();
    return set !== null;
  }

  /** Reads the case at `index` (0-based, the manifest's order). */
  async read(index: number): Promise<Sample> {
    const { manifest } = this;
    const size = bytesPerCase(manifest);
    const bytes = new Uint8Array(size);
    await this.#file.read(bytes, 0, size, this.#start + index * size);
    const pixels = manifest.width * manifest.height;
    const planes = pixels * manifest.structures.length;
    const labels = bytes.subarray(pixels * 2, pixels * 2 + planes);
    return {
      image: new Uint16Array(bytes.buffer, 0, pixels),
      labels,
      truth: manifest.truth ? bytes.subarray(pixels * 2 + planes) : null,
    };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
