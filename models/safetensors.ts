/**
 * Reads and writes named float32 arrays in one file, in the safetensors layout (readable from Python and
 * Rust): the length of the header (8 bytes, little-endian), the header as JSON {name: {dtype, shape,
 * data_offsets}} with a `__metadata__` of strings, then the numbers, little-endian.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeDurably } from './files.ts';

const Entry = z.object({
  dtype: z.literal('F32'),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int(), z.number().int()]),
});

export interface TensorFile {
  readonly arrays: Map<string, Float32Array>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Writes durably: whoever reads `path` finds the whole old file or the whole new one. */
export async function writeTensors(path: string, { arrays, metadata }: TensorFile): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, array] of arrays) {
    header[name] = {
      dtype: 'F32',
      shape: [array.length],
      data_offsets: [offset, offset + array.byteLength],
    };
    offset += array.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  // Spaces fill the header, as the format allows, so that the numbers are aligned.
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  await writeDurably(path, async (file) => {
    await file.writev([
      length,
      padded,
      ...[...arrays.values()].map(
        (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
      ),
    ]);
  });
}

/** @throws Error whose message is one sentence when the file is missing, cut short or not of this layout. */
export async function readTensors(path: string): Promise<TensorFile> {
  const bytes = await readFile(path);
  try {
    const length = Number(bytes.readBigUInt64LE(0));
    const header = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(bytes.toString('utf8', 8, 8 + length)));
    const metadata = z.record(z.string(), z.string()).parse(header['__metadata__'] ?? {});
    const arrays = new Map<string, Float32Array>();
    for (const [name, value] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const { data_offsets: offsets, shape } = Entry.parse(value);
      const [from, to] = offsets.map((offset) => 8 + length + offset);
      const size = shape.reduce((product, side) => product * side, 1);
      if (to > bytes.length || to - from !== size * 4) throw new Error(`${name} is cut short`);
      arrays.set(
        name,
        new Float32Array(bytes.buffer.slice(bytes.byteOffset + from, bytes.byteOffset + to)),
      );
    }
    return { arrays, metadata };
  } catch (error) {
    throw new Error(
      `${path} is damaged (${error instanceof Error ? error.message : String(error)}): delete it.`,
      { cause: error },
    );
  }
}
