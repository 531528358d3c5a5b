/**
 * Reads the headers of a TIFF's pages before the file is loaded. References: TIFF revision 6.0, section
 * 2; BigTIFF (https://www.awaresystems.be/imaging/tiff/bigtiff.html).
 */
import { isSideways } from '../orientation.ts';
import { CUT_SHORT, CodecError, checkBounds, checkPages } from '../raster.ts';
import type { Header } from '../raster.ts';
import { numberAt, readDirectory } from './directory.ts';
import type { Dialect, Directory, ReadAt } from './directory.ts';
import { PALETTE, unreadTiff, unsupported } from './kinds.ts';

/**
 * The pieces in which a picture is stored: strips of its full width, or tiles. `width` and `height` are
 * those of one piece, in pixels; the last strip may have fewer rows.
 */
export interface Segments {
  readonly width: number;
  readonly height: number;
  /** The number of channels if each channel is stored as its own plane, else 1. */
  readonly planes: number;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

/** The header of a page. Width and height are those of the upright picture. */
export interface TiffHeader extends Header {
  readonly storedWidth: number;
  readonly storedHeight: number;
  readonly orientation: number;
  readonly littleEndian: boolean;
  readonly compression: number;
  /** The meaning of samples: 0: grey, zero is white; 1: grey, zero is black; 2: RGB; 3: palette. */
  readonly photometric: number;
  readonly predictor: number;
  readonly sample: 'unsigned' | 'signed' | 'real';
  readonly segments: Segments;
  /** The palette in 16-bit numbers: all reds, then greens, then blues; empty without a palette. */
  readonly colourMap: readonly number[];
}

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
/** After this many thumbnails, the further pages of a file are ignored. */
const MAX_THUMBNAILS = 16;
/** The most pages that a mask may have. */
export const MAX_PAGES = 256;

/** Yields the first page and all further pages that are not thumbnails. */
async function* ownPages(
  read: ReadAt,
  first: Directory,
  dialect: Dialect,
): AsyncGenerator<Directory> {
  yield first;
  let { next } = first;
  for (let thumbnails = 0; next !== 0 && thumbnails < MAX_THUMBNAILS;) {
    const directory = await readDirectory(read, next, dialect);
    if (((await directory.number(TAG.subfile, 0)) & 1) === 0) yield directory;
    else thumbnails += 1;
    next = directory.next;
  }
}

/** Number of pages that ImageJ's description states, or 1. ImageJ may write pages without directories. */
async function statedPages(first: Directory): Promise<number> {
  return Number(/\bimages=(\d+)/.exec(await first.text(TAG.description))?.[1] ?? 1);
}

async function hasMorePages(read: ReadAt, first: Directory, dialect: Dialect): Promise<boolean> {
  if ((await statedPages(first)) > 1) return true;
  const pages = ownPages(read, first, dialect);
  await pages.next();
  return (await pages.next()).done !== true;
}

const SEVERAL_PAGES = {
  image: 'is a volume (a TIFF of several pages): only single radiographs are read.',
  mask:
    'is a TIFF of several pages: in a folder of masks give a legend of them, such as ' +
    '{"pages": {"0": "lung", "1": "heart"}}, else save each page as a file of its own.',
} as const;

/** Reads how a page is cut into strips or tiles. */
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

/** Reads the first directory of a file. */
async function openTiff(read: ReadAt): Promise<{ first: Directory; dialect: Dialect }> {
  const head = await read(0, 16);
  if (head.length < 8) throw new CodecError(CUT_SHORT);
  const little = head[0] === 0x49;
  const big = (little ? head[2] : head[3]) === 43;
  if (big && head.length < 16) throw new CodecError(CUT_SHORT);
  const dialect = { little, big };
  const start = big ? numberAt(head, 8, 8, little) : numberAt(head, 4, 4, little);
  return { first: await readDirectory(read, start, dialect), dialect };
}

async function sizeOf(page: Directory): Promise<{ width: number; height: number }> {
  const width = await page.number(TAG.width, 0);
  const height = await page.number(TAG.height, 0);
  checkBounds(width, height);
  return { width, height };
}

async function pageHeader(page: Directory, littleEndian: boolean): Promise<TiffHeader> {
  const { width, height } = await sizeOf(page);
  const depths = await page.numbers(TAG.bits);
  const channels = await page.number(TAG.samples, 1);
  const sampleFormat = await page.number(TAG.sampleFormat, 1);
  const kind = {
    bits: depths[0] ?? 1,
    channels,
    compression: await page.number(TAG.compression, 1),
    photometric: await page.number(TAG.photometric, 1),
    predictor: await page.number(TAG.predictor, 1),
    fillOrder: await page.number(TAG.fillOrder, 1),
    sampleFormat,
  };
  const refusal = unsupported(kind, depths);
  if (refusal !== null) throw new CodecError(unreadTiff(refusal));
  const { bits, compression, photometric, predictor } = kind;
  const orientation = await page.number(TAG.orientation, 1);
  const sideways = isSideways(orientation);
  const stored: Header = { format: 'tiff', width, height, bits, channels };
  return {
    ...stored,
    ...(sideways && { width: height, height: width }),
    storedWidth: width,
    storedHeight: height,
    orientation,
    littleEndian,
    compression,
    photometric,
    predictor,
    sample: sampleFormat === 3 ? 'real' : sampleFormat === 2 ? 'signed' : 'unsigned',
    segments: await segmentsOf(page, stored),
    colourMap: photometric === PALETTE ? await page.numbers(TAG.colourMap) : [],
  };
}

/**
 * Reads the header of a TIFF file of one page.
 * @param what what the file is; the message about several pages depends on it
 * @throws CodecError when the file is broken, has several pages, is too large or of a kind that is not
 *   read.
 */
export async function tiffHeader(read: ReadAt, what: 'image' | 'mask'): Promise<TiffHeader> {
  const { first, dialect } = await openTiff(read);
  await sizeOf(first);
  if (await hasMorePages(read, first, dialect)) throw new CodecError(SEVERAL_PAGES[what]);
  return pageHeader(first, dialect.little);
}

/**
 * Reads the headers of all pages of a mask, without thumbnails.
 * @returns headers of one size and depth: one unsigned number of at most 16 bits per pixel
 * @throws CodecError as `tiffHeader`, and when the pages differ or are too many.
 */
export async function tiffPages(read: ReadAt): Promise<TiffHeader[]> {
  const { first, dialect } = await openTiff(read);
  const pages: TiffHeader[] = [];
  for await (const directory of ownPages(read, first, dialect)) {
    if (pages.length === MAX_PAGES) {
      throw new CodecError(`has more than ${MAX_PAGES} pages: split it in several files.`);
    }
    const page = await pageHeader(directory, dialect.little);
    const { width, height, bits, photometric } = pages[0] ?? page;
    const isLike =
      page.width === width &&
      page.height === height &&
      page.bits === bits &&
      page.photometric === photometric;
    if (!isLike) {
      throw new CodecError('has pages of several sizes or kinds: save all of them alike.');
    }
    if (
      page.channels > 1 ||
      page.sample !== 'unsigned' ||
      bits > 16 ||
      page.photometric === PALETTE
    )
      throw new CodecError(
        'has a page that is not 8- or 16-bit grey: save all pages as 8- or 16-bit grey.',
      );
    pages.push(page);
    checkPages(width, height, pages.length);
  }
  if ((await statedPages(first)) > pages.length) {
    throw new CodecError(
      'states more pages than it has directories: save it again with a directory for each page.',
    );
  }
  return pages;
}
