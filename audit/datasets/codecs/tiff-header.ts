/**
 * The header of a TIFF file, read by positions so that a file of any size is judged before it is
 * loaded. References: TIFF revision 6.0, section 2; BigTIFF (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */
import { isSideways } from './orientation.ts';
import { CodecError, checkBounds } from './raster.ts';
import type { Header } from './raster.ts';
import { CUT, numberAt, readDirectory } from './tiff-directory.ts';
import type { Dialect, Directory, ReadAt } from './tiff-directory.ts';

/** The pieces a picture is stored in: strips as wide as it is, or tiles. */
export interface Segments {
  readonly width: number;
  readonly height: number;
  /** Each channel apart, or one plane of all of them. */
  readonly planes: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/** Width and height are those of the upright picture. */
export interface TiffHeader extends Header {
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: number;
  readonly littleEndian: boolean;
  readonly compression: number;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette. */
  readonly photometric: number;
  readonly predictor: number;
  readonly sample: 'unsigned' | 'signed' | 'real';
  readonly segments: Segments;
  /** 16-bit numbers: all reds, greens, blues; empty where there is no palette. */
  readonly colourMap: readonly number[];
}

export const HORIZONTAL = 2;
export const FLOATING = 3;
const TAG = {
  subfile: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planar: 284,
  predictor: 317,
  colourMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  sampleFormat: 339,
} as const;
const MAX_PAGES = 16;
/** Pages beyond the first that are pictures of their own, not thumbnails of it. */
async function hasMorePages(read: ReadAt, first: Directory, dialect: Dialect): Promise<boolean> {
  if (/\bimages=([2-9]|\d{2,})/.test(await first.text(TAG.description))) return true;
  let { next } = first;
  for (let page = 0; next !== 0 && page < MAX_PAGES; page += 1) {
    const directory = await readDirectory(read, next, dialect);
    if (((await directory.number(TAG.subfile, 0)) & 1) === 0) return true;
    next = directory.next;
  }
  return false;
}

/** How the picture is cut in pieces. */
async function segmentsOf(first: Directory, size: Header): Promise<Segments> {
  const { width, height, channels } = size;
  const planes = channels > 1 && (await first.number(TAG.planar, 1)) === 2 ? channels : 1;
  const tileWidth = await first.number(TAG.tileWidth, 0);
  const tiled = tileWidth > 0;
  const rows = tiled
    ? await first.number(TAG.tileHeight, 0)
    : Math.min(height, await first.number(TAG.rowsPerStrip, height));
  const segments: Segments = {
    width: tiled ? tileWidth : width,
    height: rows,
    planes,
    offsets: await first.numbers(tiled ? TAG.tileOffsets : TAG.stripOffsets),
    byteCounts: await first.numbers(tiled ? TAG.tileByteCounts : TAG.stripByteCounts),
  };
  checkBounds(segments.width, segments.height);
  const count = Math.ceil(width / segments.width) * Math.ceil(height / segments.height) * planes;
  if (segments.offsets.length < count || segments.byteCounts.length < count) {
    throw new CodecError('is a broken TIFF file: some of its rows are missing.');
  }
  return segments;
}

/**
 * Reads and judges the header of a TIFF file.
 * @throws CodecError when it is broken, a volume, out of bounds or of a kind that is not read.
 */
export async function tiffHeader(read: ReadAt): Promise<TiffHeader> {
  const head = await read(0, 16);
  if (head.length < 8) throw new CodecError(CUT);
  const little = head[0] === 0x49;
  const big = (little ? head[2] : head[3]) === 43;
  if (big && head.length < 16) throw new CodecError(CUT);
  const dialect = { little, big };
  const start = big ? numberAt(head, 8, 8, little) : numberAt(head, 4, 4, little);
  const first = await readDirectory(read, start, dialect);
  const width = await first.number(TAG.width, 0);
  const height = await first.number(TAG.height, 0);
  checkBounds(width, height);
  if (await hasMorePages(read, first, dialect)) {
    throw new CodecError(
      'is a volume (a TIFF of several pages): only single radiographs are read.',
    );
  }
  const depths = await first.numbers(TAG.bits);
  const channels = await first.number(TAG.samples, 1);
  const sampleFormat = await first.number(TAG.sampleFormat, 1);
  const kind = {
    bits: depths[0] ?? 1,
    channels,
    compression: await first.number(TAG.compression, 1),
    photometric: await first.number(TAG.photometric, 1),
    predictor: await first.number(TAG.predictor, 1),
    fillOrder: await first.number(TAG.fillOrder, 1),
    sampleFormat,
  };
  const refusal = unsupported(kind, depths);
  if (refusal !== null) throw new CodecError(unreadTiff(refusal));
  const { bits, compression, photometric, predictor } = kind;
  const orientation = await first.number(TAG.orientation, 1);
  const sideways = isSideways(orientation);
  const stored: Header = { format: 'tiff', width, height, bits, channels };
  return {
    ...stored,
    ...(sideways && { width: height, height: width }),
    storedWidth: width,
    storedHeight: height,
    orientation,
    littleEndian: little,
    compression,
    photometric,
    predictor,
    sample: sampleFormat === 3 ? 'real' : sampleFormat === 2 ? 'signed' : 'unsigned',
    segments: await segmentsOf(first, stored),
    colourMap: photometric === 3 ? await first.numbers(TAG.colourMap) : [],
  };
}

/** What a TIFF that is not read is, and what to do; `why` is a phrase. */
function unreadTiff(why: string): string {
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

/** Bits of one sample that are read, by the kind of number. */
const READ_BITS: Readonly<Record<number, readonly number[]>> = {
  1: [1, 2, 4, 8, 16, 32],
  2: [8, 16, 32],
  3: [32, 64],
};

interface TiffKind {
  readonly bits: number;
  readonly channels: number;
  readonly compression: number;
  readonly photometric: number;
  readonly predictor: number;
  readonly fillOrder: number;
  readonly sampleFormat: number;
}

/** What of a TIFF is not read, as a phrase; null when it can be. */
function unsupported(kind: TiffKind, depths: readonly number[]): string | null {
  const { bits, channels, compression, photometric, predictor, sampleFormat } = kind;
  if (!READ_COMPRESSIONS.includes(compression)) {
    return COMPRESSIONS[compression] ?? `compression ${compression}`;
  }
  const known = READ_BITS[sampleFormat];
  if (known === undefined) return `sample format ${sampleFormat}`;
  if (!known.includes(bits) || depths.some((depth) => depth !== bits)) {
    return `${sampleFormat === 3 ? 'floating-point numbers, ' : ''}${depths.slice(0, 8).join(', ')} bits a sample`;
  }
  const whole = [8, 16, 32].includes(bits);
  if (predictor > FLOATING || predictor < 1) return `predictor ${predictor}`;
  if (predictor === HORIZONTAL && !whole) return `a predictor for ${bits} bits a sample`;
  if (predictor === FLOATING && sampleFormat !== 3) return 'a predictor for other numbers';
  if (photometric > 3) return `colour space ${photometric}`;
  if (photometric === 0 && sampleFormat !== 1) return 'signed numbers of which white is the least';
  if (photometric === 3 && (bits > 8 || channels > 1)) return `a palette of ${bits} bits`;
  if (kind.fillOrder !== 1) return 'bits in reverse order';
  if (channels < 1 || channels > 4) return `${channels} channels`;
  return null;
}
