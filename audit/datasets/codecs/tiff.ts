/**
 * TIFF: 1, 8, 16 bits and floating point, strips and tiles, uncompressed, LZW, deflate (by the
 * package tiff) and PackBits. A small encoder writes corrected masks back in the format they had.
 */
import { decode } from 'tiff';
import { CodecError } from './raster.ts';
import type { Raster } from './raster.ts';
import { tiffHeader, unreadTiff } from './tiff-header.ts';
import type { TiffHeader } from './tiff-header.ts';
import type { Plane } from './png.ts';

const PACKBITS = 32773;

/** PackBits, TIFF 6.0 section 9, and the RLE of DICOM: a length, then literal bytes or one byte repeated. */
export function unpackBits(bytes: Buffer, size: number): Buffer {
  const out = Buffer.alloc(size);
  let to = 0;
  for (let at = 0; at < bytes.length && to < size;) {
    const length = bytes.readInt8(at);
    at += 1;
    if (length >= 0) {
      to += bytes.copy(out, to, at, Math.min(at + length + 1, bytes.length));
      at += length + 1;
    } else if (length !== -128) {
      out.fill(bytes[at], to, Math.min(size, to + 1 - length));
      to += 1 - length;
      at += 1;
    }
  }
  if (to < size) throw new CodecError('is cut short: copy it again.');
  return out;
}

function packBitsPixels(bytes: Buffer, header: TiffHeader): Uint8Array | Uint16Array {
  const { width, height, channels, bits, tiled, predictor, float, rowsPerStrip } = header;
  if (tiled || predictor !== 1 || float || bits === 1) {
    throw new CodecError(unreadTiff('PackBits with tiles, a predictor, or such numbers'));
  }
  const rowBytes = (width * channels * bits) / 8;
  const rows = header.stripOffsets.map((offset, index) => {
    const packed = bytes.subarray(offset, offset + header.stripByteCounts[index]);
    const count = Math.min(rowsPerStrip, height - index * rowsPerStrip);
    return unpackBits(packed, rowBytes * count);
  });
  const raw = Buffer.concat(rows);
  if (bits === 8) return new Uint8Array(raw);
  return Uint16Array.from({ length: raw.length / 2 }, (_, i) =>
    header.littleEndian ? raw.readUInt16LE(i * 2) : raw.readUInt16BE(i * 2),
  );
}

function pixels(bytes: Buffer, header: TiffHeader): Uint8Array | Uint16Array | Float32Array {
  if (header.compression === PACKBITS) {
    const data = packBitsPixels(bytes, header);
    const top = 2 ** header.bits - 1;
    return header.photometric === 0 ? data.map((value) => top - value) : data;
  }
  const { data } = decode(bytes, { pages: [0] })[0];
  return data instanceof Float64Array ? Float32Array.from(data) : data;
}

/** The colour map of a palette TIFF: all reds, then greens, then blues, 16 bits each. */
function paletteOf(bytes: Buffer): Uint8Array | undefined {
  const entries = decode(bytes, { pages: [0], ignoreImageData: true })[0].palette;
  return entries && Uint8Array.from(entries.flat().map((value) => value >> 8));
}

/**
 * Decodes a TIFF file of one page.
 * @throws CodecError when it is cut short, broken, a volume, out of bounds or not supported.
 */
export async function decodeTiff(bytes: Buffer): Promise<Raster> {
  const header = await tiffHeader(async (offset, length) =>
    bytes.subarray(offset, offset + length),
  );
  const data = pixels(bytes, header);
  const { format, width, height, bits, channels, photometric } = header;
  if (data.length !== width * height * channels) throw new CodecError('is a broken TIFF file.');
  const raster: Raster = { format, width, height, bits, channels, data };
  return photometric === 3 ? { ...raster, palette: paletteOf(bytes) } : raster;
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
