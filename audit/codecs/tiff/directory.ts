/**
 * Reads the directory (the fields) of a TIFF page. References: TIFF revision 6.0, section 2; BigTIFF
 * (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */
import { CUT_SHORT, CodecError } from '../raster.ts';

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

/** Bytes per value of the field types BYTE, ASCII, SHORT, LONG, and BigTIFF's LONG8. */
const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 16: 8 };
/** The most values of a field: a broken header must not keep the reader busy for hours. */
const MAX_VALUES = 1_000_000;
const MAX_ENTRIES = 4096;
const NO_SENSE = 'is a broken TIFF file: a field of its header makes no sense.';

/** The fields of a page. `next` is the position of the next page's directory, or 0 if there is none. */
export interface Directory {
  numbers(tag: number): Promise<number[]>;
  number(tag: number, otherwise: number): Promise<number>;
  text(tag: number): Promise<string>;
  readonly next: number;
}

/** Byte order, and whether the file is BigTIFF, whose counts and offsets have 8 bytes. */
export interface Dialect {
  readonly little: boolean;
  readonly big: boolean;
}

/** Reads a whole number of `size` bytes at the position `at`. */
export function numberAt(bytes: Buffer, at: number, size: number, little: boolean): number {
  if (size === 8) {
    return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  }
  return little ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}

export async function readDirectory(
  read: ReadAt,
  offset: number,
  dialect: Dialect,
): Promise<Directory> {
  const { little, big } = dialect;
  const pointer = big ? 8 : 4;
  const counter = big ? 8 : 2;
  const entryBytes = 4 + 2 * pointer;
  const exactly = async (at: number, length: number) => {
    if (!Number.isSafeInteger(at + length)) throw new CodecError(CUT_SHORT);
    const bytes = await read(at, length);
    if (bytes.length < length) throw new CodecError(CUT_SHORT);
    return bytes;
  };
  const count = numberAt(await exactly(offset, counter), 0, counter, little);
  if (count > MAX_ENTRIES) throw new CodecError(NO_SENSE);
  const body = await exactly(offset + counter, count * entryBytes + pointer);
  const entries = new Map<number, Buffer>();
  for (let i = 0; i < count; i += 1) {
    const entry = body.subarray(i * entryBytes, (i + 1) * entryBytes);
    entries.set(numberAt(entry, 0, 2, little), entry);
  }
  const values = async (tag: number) => {
    const entry = entries.get(tag);
    if (entry === undefined) return null;
    const size = TYPE_BYTES[numberAt(entry, 2, 2, little)];
    const length = numberAt(entry, 4, pointer, little);
    if (size === undefined || length > MAX_VALUES) throw new CodecError(NO_SENSE);
    const bytes = size * length;
    const place = 4 + pointer;
    return {
      size,
      bytes:
        bytes <= pointer
          ? entry.subarray(place, place + bytes)
          : await exactly(numberAt(entry, place, pointer, little), bytes),
    };
  };
  const numbers = async (tag: number) => {
    const found = await values(tag);
    if (found === null) return [];
    const { size, bytes } = found;
    return Array.from({ length: bytes.length / size }, (_, i) =>
      numberAt(bytes, i * size, size, little),
    );
  };
  return {
    numbers,
    number: async (tag, otherwise) => (await numbers(tag))[0] ?? otherwise,
    text: async (tag) => (await values(tag))?.bytes.toString('latin1') ?? '',
    next: numberAt(body, count * entryBytes, pointer, little),
  };
}
