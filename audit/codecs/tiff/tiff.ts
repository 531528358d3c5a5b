/**
 * Decodes TIFF and BigTIFF: 1 to 64 bits, signed, unsigned and floating point, strips and tiles,
 * uncompressed, LZW, deflate and PackBits. A small encoder writes masks.
 */
import { upright } from '../orientation.ts';
import { CodecError } from '../raster.ts';
import type { Part, Raster } from '../raster.ts';
import { tiffHeader, tiffPages } from './header.ts';
import type { TiffHeader } from './header.ts';
import { PALETTE, WHITE_IS_ZERO } from './kinds.ts';
import { tiffSamples } from './segments.ts';
import type { Plane } from '../png.ts';

/** Converts a TIFF colour map (all reds, then greens, then blues, 16 bits each) to a palette. */
function paletteOf(map: readonly number[], bits: number): Uint8Array {
  const count = 2 ** bits;
  if (map.length !== count * 3) throw new CodecError('is a broken TIFF file: no colour map.');
  return Uint8Array.from(
    { length: map.length },
    (_, i) => map[(i % 3) * count + Math.floor(i / 3)] >> 8,
  );
}

async function decodePage(bytes: Buffer, header: TiffHeader): Promise<Raster> {
  const data = await tiffSamples(bytes, header);
  const { format, storedWidth: width, storedHeight: height, bits, channels, photometric } = header;
  if (photometric === WHITE_IS_ZERO) {
    const top = 2 ** bits - 1;
    for (let i = 0; i < data.length; i += 1) data[i] = top - data[i];
  }
  const raster: Raster = { format, width, height, bits, channels, data };
  const palette = photometric === PALETTE && { palette: paletteOf(header.colourMap, bits) };
  const turned = photometric === WHITE_IS_ZERO && bits >= 8 && { whiteIsZero: true as const };
  return upright({ ...raster, ...palette, ...turned }, header.orientation);
}

/**
 * Decodes a TIFF file.
 * @throws CodecError when the file is cut short, broken, too large or not supported, or its pages do not
 *   fit `part`.
 */
export async function decodeTiff(bytes: Buffer, part: Part = 'image'): Promise<Raster> {
  const read = (offset: number, length: number) =>
    Promise.resolve(bytes.subarray(offset, offset + length));
  if (part !== 'pages') return decodePage(bytes, await tiffHeader(read, part));
  const headers = await tiffPages(read);
  const { format, width, height, bits, channels } = headers[0];
  const count = width * height;
  const data =
    bits === 16 ? new Uint16Array(count * headers.length) : new Uint8Array(count * headers.length);
  const common = new Set<string>();
  let whiteIsZero = false;
  for (const [page, header] of headers.entries()) {
    const raster = await decodePage(bytes, header);
    data.set(raster.data, page * count);
    raster.notes?.forEach((note) => common.add(note));
    whiteIsZero = raster.whiteIsZero === true;
  }
  return {
    format,
    width,
    height,
    bits,
    channels,
    data,
    ...(common.size > 0 && { notes: [...common] }),
    ...(whiteIsZero && { whiteIsZero: true as const }),
  };
}

/**
 * The entries of a page's directory, and the bytes of its colour map (none without a palette).
 * @param pixelsAt position of the pixels in the file
 * @param at position of the colour map in the file
 */
function directoryOf(
  { width, height, bits, palette, whiteIsZero }: Omit<TiffPlanes, 'data'>,
  pixelsAt: number,
  at: number,
): { map: Buffer; entries: [tag: number, type: 3 | 4, count: number, value: number][] } {
  const colours = 2 ** bits;
  const map = Buffer.alloc(palette === undefined ? 0 : colours * 6);
  palette?.forEach((value, i) => {
    map.writeUInt16LE(value * 257, ((i % 3) * colours + Math.floor(i / 3)) * 2);
  });
  return {
    map,
    entries: [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 1, bits],
      [259, 3, 1, 1],
      [262, 3, 1, palette !== undefined ? PALETTE : whiteIsZero ? WHITE_IS_ZERO : 1],
      [273, 4, 1, pixelsAt],
      [277, 3, 1, 1],
      [278, 4, 1, height],
      [279, 4, 1, (width * height * bits) / 8],
      ...(palette === undefined ? [] : [[320, 3, colours * 3, at] as [number, 3, number, number]]),
    ],
  };
}

/** Planes of one size whose samples follow each other in `data`; each plane becomes a page. */
type TiffPlanes = Plane & { readonly bits: 8 | 16; readonly whiteIsZero?: true };

/** Encodes planes as an uncompressed little-endian TIFF, one page of one strip per plane. */
export function encodeTiff(planes: TiffPlanes): Buffer {
  const { width, height, bits, data, whiteIsZero } = planes;
  const top = 2 ** bits - 1;
  const count = width * height;
  const parts: Buffer[] = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let length = 8;
  // The buffer, and the place in it, where the position of the next directory must be written.
  let pointer = { in: parts[0], at: 4 };
  for (let start = 0; start < data.length; start += count) {
    const pixels = Buffer.alloc(evenly((count * bits) / 8));
    const own = data.subarray(start, start + count);
    const plane = whiteIsZero ? own.map((value) => top - value) : own;
    if (bits === 8) pixels.set(plane);
    else plane.forEach((value, i) => pixels.writeUInt16LE(value, i * 2));
    const mapAt = length + pixels.length;
    const { map, entries } = directoryOf(planes, length, mapAt);
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, type, many, value], i) => {
      const at = 2 + i * 12;
      directory.writeUInt16LE(tag, at);
      directory.writeUInt16LE(type, at + 2);
      directory.writeUInt32LE(many, at + 4);
      if (type === 3 && many === 1) directory.writeUInt16LE(value, at + 8);
      else directory.writeUInt32LE(value, at + 8);
    });
    pointer.in.writeUInt32LE(mapAt + map.length, pointer.at);
    pointer = { in: directory, at: directory.length - 4 };
    parts.push(pixels, map, directory);
    length = mapAt + map.length + directory.length;
  }
  return Buffer.concat(parts);
}

/** Rounds up to an even number, because directories begin at even positions. */
const evenly = (bytes: number): number => bytes + (bytes % 2);
