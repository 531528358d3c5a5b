/**
 * TIFF and BigTIFF: 1 to 64 bits, signed, unsigned and floating point, strips and tiles,
 * uncompressed, LZW, deflate and PackBits. A small encoder writes corrected masks back.
 */
import { upright } from './orientation.ts';
import { CodecError } from './raster.ts';
import type { Raster } from './raster.ts';
import { tiffHeader } from './tiff-header.ts';
import { tiffSamples } from './tiff-segments.ts';
import type { Plane } from './png.ts';

const WHITE_IS_ZERO = 0;
const PALETTE = 3;

/** The colour map of a palette TIFF: all reds, then greens, then blues, 16 bits each. */
function paletteOf(map: readonly number[], bits: number): Uint8Array {
  const count = 2 ** bits;
  if (map.length !== count * 3) throw new CodecError('is a broken TIFF file: no colour map.');
  return Uint8Array.from(
    { length: map.length },
    (_, i) => map[(i % 3) * count + Math.floor(i / 3)] >> 8,
  );
}

/**
 * Decodes a TIFF file of one page.
 * @throws CodecError when it is cut short, broken, a volume, out of bounds or not supported.
 */
export async function decodeTiff(bytes: Buffer): Promise<Raster> {
  const header = await tiffHeader(async (offset, length) =>
    bytes.subarray(offset, offset + length),
  );
  const data = await tiffSamples(bytes, header);
  const { format, storedWidth: width, storedHeight: height, bits, channels, photometric } = header;
  if (photometric === WHITE_IS_ZERO) {
    const top = 2 ** bits - 1;
    for (let i = 0; i < data.length; i += 1) data[i] = top - data[i];
  }
  const raster: Raster = { format, width, height, bits, channels, data };
  const palette = photometric === PALETTE && { palette: paletteOf(header.colourMap, bits) };
  return upright({ ...raster, ...palette }, header.orientation);
}

/** Encodes one plane as an uncompressed little-endian TIFF of one strip. */
export function encodeTiff(plane: Plane & { readonly bits: 8 | 16 }): Buffer {
  const { width, height, bits, data, palette } = plane;
  const pixelBytes = data.length * (bits / 8);
  const entries: [tag: number, type: 3 | 4, count: number, value: number][] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 1, bits],
    [259, 3, 1, 1],
    [262, 3, 1, palette === undefined ? 1 : 3],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 4, 1, height],
    [279, 4, 1, pixelBytes],
  ];
  const mapAt = 8 + pixelBytes + (pixelBytes % 2);
  const colours = 2 ** bits;
  if (palette !== undefined) entries.push([320, 3, colours * 3, mapAt]);
  const directoryAt = mapAt + (palette === undefined ? 0 : colours * 6);
  const file = Buffer.alloc(directoryAt + 2 + entries.length * 12 + 4);
  file.write('II', 0, 'latin1');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(directoryAt, 4);
  if (bits === 8) file.set(data, 8);
  else data.forEach((value, i) => file.writeUInt16LE(value, 8 + i * 2));
  if (palette !== undefined) {
    for (let i = 0; i < palette.length; i += 1) {
      const at = (i % 3) * colours + Math.floor(i / 3);
      file.writeUInt16LE(palette[i] * 257, mapAt + at * 2);
    }
  }
  file.writeUInt16LE(entries.length, directoryAt);
  entries.forEach(([tag, type, count, value], i) => {
    const at = directoryAt + 2 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    if (type === 3 && count === 1) file.writeUInt16LE(value, at + 8);
    else file.writeUInt32LE(value, at + 8);
  });
  return file;
}
