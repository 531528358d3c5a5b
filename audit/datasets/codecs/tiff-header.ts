/**
 * The header of a TIFF file, read by positions so that a file of any size is judged before it is
 * loaded. Reference: TIFF revision 6.0, section 2.
 */
import { CodecError, checkBounds } from './raster.ts';
import type { Header } from './raster.ts';

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Buffer>;

export interface TiffHeader extends Header {
  readonly littleEndian: boolean;
  readonly compression: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette. */
  readonly photometric: number;
  readonly predictor: number;
  readonly float: boolean;
  readonly tiled: boolean;
  readonly rowsPerStrip: number;
  readonly stripOffsets: readonly number[];
  readonly stripByteCounts: readonly number[];
}

const TYPE_BYTES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4 };
const TAG = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  description: 270,
  stripOffsets: 273,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  tileWidth: 322,
  sampleFormat: 339,
} as const;
/** No header needs more; a broken one must not make us read for hours. */
const MAX_VALUES = 1_000_000;
const MAX_PAGES = 16;
const CUT = 'is cut short: copy it again.';

interface Directory {
  numbers(tag: number): Promise<number[]>;
  number(tag: number, otherwise: number): Promise<number>;
  text(tag: number): Promise<string>;
  readonly next: number;
}

async function readDirectory(read: ReadAt, offset: number, little: boolean): Promise<Directory> {
  const u16 = (b: Buffer, at: number) => (little ? b.readUInt16LE(at) : b.readUInt16BE(at));
  const u32 = (b: Buffer, at: number) => (little ? b.readUInt32LE(at) : b.readUInt32BE(at));
  const exactly = async (at: number, length: number) => {
    const bytes = await read(at, length);
    if (bytes.length < length) throw new CodecError(CUT);
    return bytes;
  };
  const count = u16(await exactly(offset, 2), 0);
  const body = await exactly(offset + 2, count * 12 + 4);
  const entries = new Map<number, Buffer>();
  for (let i = 0; i < count; i += 1) {
    const entry = body.subarray(i * 12, i * 12 + 12);
    entries.set(u16(entry, 0), entry);
  }
  const values = async (tag: number) => {
    const entry = entries.get(tag);
    if (entry === undefined) return null;
    const type = u16(entry, 2);
    const size = TYPE_BYTES[type];
    const length = u32(entry, 4);
    if (size === undefined || length > MAX_VALUES) {
      throw new CodecError('is a broken TIFF file: a field of its header makes no sense.');
    }
    const bytes = size * length;
    return {
      size,
      bytes: bytes <= 4 ? entry.subarray(8, 8 + bytes) : await exactly(u32(entry, 8), bytes),
    };
  };
  const numbers = async (tag: number) => {
    const found = await values(tag);
    if (found === null) return [];
    const { size, bytes } = found;
    return Array.from({ length: bytes.length / size }, (_, i) =>
      size === 1 ? bytes[i] : size === 2 ? u16(bytes, i * 2) : u32(bytes, i * 4),
    );
  };
  return {
    numbers,
    number: async (tag, otherwise) => (await numbers(tag))[0] ?? otherwise,
    text: async (tag) => (await values(tag))?.bytes.toString('latin1') ?? '',
    next: u32(body, count * 12),
  };
}

/** Pages beyond the first that are pictures of their own, not thumbnails of it. */
async function hasMorePages(read: ReadAt, first: Directory, little: boolean): Promise<boolean> {
  if (/\bimages=([2-9]|\d{2,})/.test(await first.text(TAG.description))) return true;
  let { next } = first;
  for (let page = 0; next !== 0 && page < MAX_PAGES; page += 1) {
    const directory = await readDirectory(read, next, little);
    if (((await directory.number(TAG.subfile, 0)) & 1) === 0) return true;
    next = directory.next;
  }
  return false;
}

/**
 * Reads and judges the header of a TIFF file.
 * @throws CodecError when it is broken, a volume, out of bounds or of a kind that is not read.
 */
export async function tiffHeader(read: ReadAt): Promise<TiffHeader> {
  const head = await read(0, 8);
  if (head.length < 8) throw new CodecError(CUT);
  const little = head[0] === 0x49;
  if ((little ? head[2] : head[3]) === 43) {
    throw new CodecError('is a BigTIFF file, which is not read: save it as plain TIFF or PNG.');
  }
  const start = little ? head.readUInt32LE(4) : head.readUInt32BE(4);
  const first = await readDirectory(read, start, little);
  const width = await first.number(TAG.width, 0);
  const height = await first.number(TAG.height, 0);
  checkBounds(width, height);
  if (await hasMorePages(read, first, little)) {
    throw new CodecError(
      'is a volume (a TIFF of several pages): only single radiographs are read.',
    );
  }
  const depths = await first.numbers(TAG.bits);
  const channels = await first.number(TAG.samples, 1);
  const sample = await first.number(TAG.sampleFormat, 1);
  const header: TiffHeader = {
    format: 'tiff',
    width,
    height,
    bits: depths[0] ?? 1,
    channels,
    littleEndian: little,
    compression: await first.number(TAG.compression, 1),
    photometric: await first.number(TAG.photometric, 1),
    predictor: await first.number(TAG.predictor, 1),
    float: sample === 3,
    tiled: (await first.number(TAG.tileWidth, 0)) > 0,
    rowsPerStrip: Math.min(height, await first.number(TAG.rowsPerStrip, height)),
    stripOffsets: await first.numbers(TAG.stripOffsets),
    stripByteCounts: await first.numbers(TAG.stripByteCounts),
  };
  const refusal = unsupported(header, depths, sample, await first.number(TAG.planar, 1));
  if (refusal !== null) throw new CodecError(unreadTiff(refusal));
  if (!header.tiled && header.stripOffsets.length * header.rowsPerStrip < height) {
    throw new CodecError('is a broken TIFF file: some of its rows are missing.');
  }
  return header;
}

/** What a TIFF that is not read is, and what to do; `why` is a phrase. */
export function unreadTiff(why: string): string {
  return (
    `is a TIFF of a kind that cannot be read (${why}): ` +
    'save it as PNG or as an uncompressed 8- or 16-bit TIFF.'
  );
}

/** Compressions that are read: none, LZW, deflate by its two numbers, PackBits. */
const READ_COMPRESSIONS = [1, 5, 8, 32946, 32773];
const COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'CCITT-compressed',
  3: 'CCITT-compressed',
  4: 'CCITT-compressed',
  6: 'JPEG-compressed',
  7: 'JPEG-compressed',
  33003: 'JPEG 2000-compressed',
  33005: 'JPEG 2000-compressed',
  34712: 'JPEG 2000-compressed',
  50000: 'Zstandard-compressed',
};

/** What of a TIFF is not read, as a phrase; null when it can be. */
function unsupported(
  header: TiffHeader,
  depths: readonly number[],
  sampleFormat: number,
  planar: number,
): string | null {
  const { bits, channels, compression, photometric, predictor, tiled } = header;
  if (!READ_COMPRESSIONS.includes(compression)) {
    return COMPRESSIONS[compression] ?? `compression ${compression}`;
  }
  if (sampleFormat === 2) return 'signed numbers';
  if (sampleFormat > 3) return `sample format ${sampleFormat}`;
  const known = sampleFormat === 3 ? [32, 64] : [1, 8, 16];
  if (!known.includes(bits) || depths.some((depth) => depth !== bits)) {
    return `${sampleFormat === 3 ? 'floating-point numbers, ' : ''}${depths.join(', ')} bits a sample`;
  }
  if (predictor === 3) return 'floating-point numbers with a predictor';
  if (photometric > 3) return `colour space ${photometric}`;
  if (channels > 4) return `${channels} channels`;
  if (channels > 1 && planar === 2) return 'separate planes';
  if (tiled && channels > 1) return 'tiles of several channels';
  if (tiled && bits === 1) return 'tiles of 1 bit a sample';
  return null;
}
