/**
 * Decodes the strips and tiles of a TIFF: unpacks them, undoes the predictor, and assembles the picture.
 * It is done here and not by a package, because unpacking must stop at the size in the header.
 * References: TIFF revision 6.0, sections 9, 13 to 15; Adobe Photoshop TIFF technical note 3
 * (floating-point predictor).
 */
import { endianness } from 'node:os';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { CUT_SHORT, CodecError } from '../raster.ts';
import type { Samples } from '../raster.ts';
import type { TiffHeader } from './header.ts';
import { FLOATING, HORIZONTAL } from './kinds.ts';
import { unpackLzw } from './lzw.ts';

const inflateAsync = promisify(inflate);
const HOST_LITTLE = endianness() === 'LE';

/**
 * Unpacks PackBits (TIFF 6.0, section 9) and DICOM's RLE, which is the same: after each length come
 * bytes to copy, or one byte to repeat.
 */
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
  return out.subarray(0, Math.min(to, size));
}

/** Unpacks at most `size` bytes of a strip or tile. */
async function unpack(bytes: Buffer, compression: number, size: number): Promise<Buffer> {
  switch (compression) {
    case 1:
      return Buffer.from(bytes.subarray(0, size));
    case 5:
      return unpackLzw(bytes, size);
    case 32773:
      return unpackBits(bytes, size);
    default:
      return inflateAsync(bytes, { maxOutputLength: size }).catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'Z_BUF_ERROR') throw new CodecError(CUT_SHORT);
          throw new CodecError(
            `is a broken TIFF file: its pixels do not unpack (${error.message}).`,
          );
        },
      );
  }
}

/** Undoes the floating-point predictor. The numbers are in this machine's byte order afterwards. */
function undoFloating(row: Buffer, channels: number, bytes: number): void {
  for (let i = channels; i < row.length; i += 1) row[i] += row[i - channels];
  const planes = Buffer.from(row);
  const count = row.length / bytes;
  for (let i = 0; i < count; i += 1) {
    for (let b = 0; b < bytes; b += 1) {
      const place = HOST_LITTLE ? bytes - 1 - b : b;
      row[i * bytes + place] = planes[b * count + i];
    }
  }
}

/** Undoes the horizontal predictor. The numbers must be in this machine's byte order already. */
function undoHorizontal(raw: Buffer, rowBytes: number, channels: number, bits: number): void {
  const { buffer, byteOffset, length } = raw;
  const numbers =
    bits === 8
      ? raw
      : bits === 16
        ? new Uint16Array(buffer, byteOffset, length >> 1)
        : new Uint32Array(buffer, byteOffset, length >> 2);
  const across = rowBytes / (bits >> 3);
  for (let start = 0; start + across <= numbers.length; start += across) {
    for (let i = start + channels; i < start + across; i += 1) numbers[i] += numbers[i - channels];
  }
}

/** Unpacks samples smaller than a byte. Each row begins with a new byte. */
function unpackSmall(raw: Buffer, rowBytes: number, rowSamples: number, bits: number): Uint8Array {
  const rows = raw.length / rowBytes;
  const out = new Uint8Array(rows * rowSamples);
  for (let row = 0; row < rows; row += 1) {
    for (let i = 0; i < rowSamples; i += 1) {
      const bit = i * bits;
      const byte = raw[row * rowBytes + (bit >> 3)];
      out[row * rowSamples + i] = (byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1);
    }
  }
  return out;
}

type Numbers = Samples | Uint32Array | Int8Array | Int16Array;

function numbers(raw: Buffer, { bits, sample }: TiffHeader): Numbers {
  const { buffer, byteOffset, length } = raw;
  switch (`${sample} ${bits}`) {
    case 'unsigned 16':
      return new Uint16Array(buffer, byteOffset, length >> 1);
    case 'unsigned 32':
      return new Uint32Array(buffer, byteOffset, length >> 2);
    case 'signed 8':
      return new Int8Array(buffer, byteOffset, length);
    case 'signed 16':
      return new Int16Array(buffer, byteOffset, length >> 1);
    case 'signed 32':
      return new Int32Array(buffer, byteOffset, length >> 2);
    case 'real 32':
      return new Float32Array(buffer, byteOffset, length >> 2);
    case 'real 64':
      return new Float64Array(buffer, byteOffset, length >> 3);
    default:
      return raw;
  }
}

/** An array for the samples of the whole picture. */
function samplesArray({ bits, sample }: TiffHeader, count: number): Samples {
  if (sample === 'signed') return new Int32Array(count);
  if (sample === 'real') return bits === 32 ? new Float32Array(count) : new Float64Array(count);
  if (bits === 32) return new Float64Array(count);
  return bits === 16 ? new Uint16Array(count) : new Uint8Array(count);
}

/** The samples of the first `rows` rows of one strip or tile. */
async function segment(
  file: Buffer,
  header: TiffHeader,
  index: number,
  rows: number,
): Promise<Numbers> {
  const { bits, compression, predictor, littleEndian, segments } = header;
  const channels = segments.planes > 1 ? 1 : header.channels;
  const rowSamples = segments.width * channels;
  const rowBytes = Math.ceil((rowSamples * bits) / 8);
  const offset = segments.offsets[index];
  const packed = file.subarray(offset, offset + segments.byteCounts[index]);
  // A whole strip may be unpacked, because the last strip may hold rows below the end of the picture.
  const found = await unpack(packed, compression, rowBytes * segments.height);
  const size = rowBytes * rows;
  if (found.length < size) throw new CodecError(CUT_SHORT);
  // A copy in new memory, because the memory must be aligned for the type of number.
  const raw = Buffer.from(new ArrayBuffer(size));
  found.copy(raw);
  if (bits < 8) return unpackSmall(raw, rowBytes, rowSamples, bits);
  if (predictor === FLOATING) {
    for (let at = 0; at < size; at += rowBytes) {
      undoFloating(raw.subarray(at, at + rowBytes), channels, bits >> 3);
    }
    return numbers(raw, header);
  }
  if (littleEndian !== HOST_LITTLE) {
    if (bits === 16) raw.swap16();
    if (bits === 32) raw.swap32();
    if (bits === 64) raw.swap64();
  }
  if (predictor === HORIZONTAL) undoHorizontal(raw, rowBytes, channels, bits);
  return numbers(raw, header);
}

/**
 * Decodes all samples of a picture, interleaved.
 * @throws CodecError when a strip or tile is cut short or does not unpack.
 */
export async function tiffSamples(file: Buffer, header: TiffHeader): Promise<Samples> {
  const { storedWidth: width, storedHeight: height, channels, segments } = header;
  const to = samplesArray(header, width * height * channels);
  const across = Math.ceil(width / segments.width);
  const down = Math.ceil(height / segments.height);
  const own = segments.planes > 1 ? 1 : channels;
  for (let plane = 0; plane < segments.planes; plane += 1) {
    for (let row = 0; row < down; row += 1) {
      const top = row * segments.height;
      const rows = Math.min(segments.height, height - top);
      for (let column = 0; column < across; column += 1) {
        const index = (plane * down + row) * across + column;
        const from = await segment(file, header, index, rows);
        const left = column * segments.width;
        const count = Math.min(segments.width, width - left) * own;
        for (let y = 0; y < rows; y += 1) {
          const line = from.subarray(y * segments.width * own, y * segments.width * own + count);
          const start = ((top + y) * width + left) * channels + plane;
          if (segments.planes === 1) to.set(line, start);
          else line.forEach((value, x) => (to[start + x * channels] = value));
        }
      }
    }
  }
  return to;
}
