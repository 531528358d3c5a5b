/** The samples that other tools read from the fixtures; the `make.py` in each folder wrote them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** The path of a fixture, given relative to the folder of all fixtures. */
export const fixture = (path: string): string => join(FIXTURES, path);

interface Entry {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: string;
  /** Part of the message with which Overread refuses the file; absent if it reads the file. */
  readonly refused?: string;
  /** The size of a pixel in the units of the NIfTI header, columns first; absent in other formats. */
  readonly zooms?: readonly number[];
}

export interface Expected extends Entry {
  readonly file: string;
  readonly values: readonly number[];
}

function numbers({ dtype, data }: Entry): number[] {
  const { buffer, byteOffset, length } = Buffer.from(data, 'base64');
  const own = buffer.slice(byteOffset, byteOffset + length);
  switch (dtype) {
    case 'uint8':
      return [...new Uint8Array(own)];
    case 'int8':
      return [...new Int8Array(own)];
    case 'uint16':
      return [...new Uint16Array(own)];
    case 'int16':
      return [...new Int16Array(own)];
    case 'uint32':
      return [...new Uint32Array(own)];
    case 'int32':
      return [...new Int32Array(own)];
    case 'uint64':
      return [...new BigUint64Array(own)].map(Number);
    case 'int64':
      return [...new BigInt64Array(own)].map(Number);
    case 'float32':
      return [...new Float32Array(own)];
    case 'float64':
      return [...new Float64Array(own)];
    default:
      throw new Error(`No fixture holds ${dtype}.`);
  }
}

/** The files in `folder` of the fixtures, with the samples that are expected of each. */
export async function expectedOf(folder: string): Promise<Expected[]> {
  const text = await readFile(join(FIXTURES, folder, 'expected.json'), 'utf8');
  return Object.entries(JSON.parse(text) as Record<string, Entry>).map(([name, entry]) => ({
    ...entry,
    file: join(FIXTURES, folder, name),
    values: numbers(entry),
  }));
}
