/**
 * Decodes and encodes NIfTI-1 and NIfTI-2 in one file (`.nii`, `.nii.gz`): single pictures of real numbers
 * of any type, or of colours. The first axis of the file leads from column to column and the second from
 * row to row, as in SimpleITK and nnU-Net (nibabel's array, transposed). The affine is not applied to the
 * picture, but `grid` has it; an export writes it with the rest of the header. A compressed file is inflated only up to the
 * size that its header states.
 */
import { endianness } from 'node:os';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { BROKEN, BYTES, FIELDS, isGzip, niftiHeader } from './header.ts';
import type { NiftiHeader, NumberKind } from './header.ts';
import { CUT_SHORT, CodecError } from '../raster.ts';
import type { NiftiFrame, Raster, Samples } from '../raster.ts';

const gunzipAsync = promisify(gunzip);
const gzipAsync = promisify(gzip);
/** NIfTI's code of unsigned 16-bit numbers, for masks whose values the file's own type cannot hold. */
const UINT16 = 512;

/**
 * Unpacks a file if it is compressed.
 * @throws CodecError when the file is cut short or broken, or unpacks to more than `size` bytes
 */
async function unpacked(bytes: Buffer, size: number): Promise<Buffer> {
  if (!isGzip(bytes)) return bytes;
  return gunzipAsync(bytes, { maxOutputLength: size }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'Z_BUF_ERROR') throw new CodecError(CUT_SHORT);
    if (error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new CodecError(`${BROKEN}: it holds more than its header says.`);
    }
    throw new CodecError(`${BROKEN}: its pixels do not unpack (${error.message}).`);
  });
}

const HOST_LITTLE = endianness() === 'LE';

/** The stored numbers in new memory. 64-bit whole numbers become doubles. */
function numbers(
  raw: Buffer,
  kind: NumberKind,
  little: boolean,
): Samples | Uint32Array | Int8Array | Int16Array {
  const own = Buffer.from(new ArrayBuffer(raw.length));
  raw.copy(own);
  const size = BYTES[kind];
  if (little !== HOST_LITTLE) {
    if (size === 2) own.swap16();
    if (size === 4) own.swap32();
    if (size === 8) own.swap64();
  }
  const { buffer } = own;
  switch (kind) {
    case 'u8':
      return new Uint8Array(buffer);
    case 'i8':
      return new Int8Array(buffer);
    case 'u16':
      return new Uint16Array(buffer);
    case 'i16':
      return new Int16Array(buffer);
    case 'u32':
      return new Uint32Array(buffer);
    case 'i32':
      return new Int32Array(buffer);
    case 'u64':
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case 'i64':
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 'f32':
      return new Float32Array(buffer);
    case 'f64':
      return new Float64Array(buffer);
  }
}

/**
 * The whole number that a scaled number means. A slope has the precision of 32 bits, so 255 with the slope
 * 1 / 255 comes out as 1.00000006.
 * @param size the size of the numbers that it was made of
 */
function whole(value: number, size: number): number {
  const near = Math.round(value);
  return Math.abs(value - near) <= size * 2 ** -22 ? near : value;
}

/** The number that the file stores for a value. */
function storedOf(value: number, { slope, intercept }: NiftiHeader): number {
  const stored = (value - intercept) / slope;
  return whole(stored, Math.abs(stored) + Math.abs(intercept / slope));
}

function samples(raw: Buffer, header: NiftiHeader): Samples {
  const { kind, little, slope, intercept, channels } = header;
  const stored = numbers(raw, kind, little);
  // Slope and intercept do not apply to colours.
  if (channels === 1 && (slope !== 1 || intercept !== 0)) {
    return Float64Array.from(stored, (value) =>
      whole(value * slope + intercept, Math.abs(value * slope) + Math.abs(intercept)),
    );
  }
  if (stored instanceof Int8Array || stored instanceof Int16Array) return Int32Array.from(stored);
  if (stored instanceof Uint32Array) return Float64Array.from(stored);
  return stored;
}

/**
 * Decodes a NIfTI file of one picture.
 * @throws CodecError when the file is cut short, broken, a volume, too large or not supported.
 */
export async function decodeNifti(bytes: Buffer): Promise<Raster> {
  const header = niftiHeader(bytes);
  const { format, width, height, bits, channels, kind, offset, spacing, grid } = header;
  const end = offset + width * height * channels * BYTES[kind];
  const all = await unpacked(bytes, end);
  if (all.length < end) throw new CodecError(CUT_SHORT);
  const data = samples(all.subarray(offset, end), header);
  const nifti = { head: Buffer.from(all.subarray(0, offset)), gzip: isGzip(bytes) };
  const size = { format, width, height, bits, channels } as const;
  return { ...size, data, nifti, ...(spacing && { spacing }), ...(grid && { grid }) };
}

const LIMITS: Readonly<Partial<Record<NumberKind, readonly [number, number]>>> = {
  u8: [0, 255],
  i8: [-128, 127],
  u16: [0, 65535],
  i16: [-32768, 32767],
};

/** Whether the number type of the file can hold every value. */
function holds(header: NiftiHeader, values: Uint8Array | Uint16Array): boolean {
  const { kind, channels } = header;
  if (channels > 1) return false;
  if (kind === 'f32' || kind === 'f64') return true;
  const [low, high] = LIMITS[kind] ?? [0, 2 ** 31 - 1];
  for (const value of new Set(values)) {
    const stored = storedOf(value, header);
    if (!Number.isInteger(stored) || stored < low || stored > high) return false;
  }
  return true;
}

function writeNumber(
  view: DataView,
  at: number,
  value: number,
  kind: NumberKind,
  little: boolean,
): void {
  switch (kind) {
    case 'u8':
      return view.setUint8(at, value);
    case 'i8':
      return view.setInt8(at, value);
    case 'u16':
      return view.setUint16(at, value, little);
    case 'i16':
      return view.setInt16(at, value, little);
    case 'u32':
      return view.setUint32(at, value, little);
    case 'i32':
      return view.setInt32(at, value, little);
    case 'u64':
      return view.setBigUint64(at, BigInt(value), little);
    case 'i64':
      return view.setBigInt64(at, BigInt(value), little);
    case 'f32':
      return view.setFloat32(at, value, little);
    case 'f64':
      return view.setFloat64(at, value, little);
  }
}

/** A copy of the header with another size and, if `plain`, the type of unscaled unsigned 16-bit numbers. */
function adjusted(
  head: Buffer,
  header: NiftiHeader,
  size: { width: number; height: number },
  plain: boolean,
): Buffer {
  const copy = Buffer.from(head);
  const view = new DataView(copy.buffer, copy.byteOffset, copy.length);
  const { version, little, axes } = header;
  const at = FIELDS[version];
  for (const [axis, length] of [
    [axes[0], size.width],
    [axes[1], size.height],
  ]) {
    if (version === 1) view.setInt16(at.dim + axis * 2, length, little);
    else view.setBigInt64(at.dim + axis * 8, BigInt(length), little);
  }
  if (plain) {
    view.setInt16(at.type, UINT16, little);
    view.setInt16(at.bits, 16, little);
    for (const [index, value] of [1, 0].entries()) {
      if (version === 1) view.setFloat32(at.slope + index * 4, value, little);
      else view.setFloat64(at.slope + index * 8, value, little);
    }
  }
  return copy;
}

/**
 * Encodes one plane as a NIfTI file like the one that `frame` was read from. Header, extensions, byte
 * order, type of number and scaling stay. If the type cannot hold the values, they become unsigned
 * 16-bit numbers.
 */
export async function encodeNifti(
  plane: { width: number; height: number; data: Uint8Array | Uint16Array },
  frame: NiftiFrame,
): Promise<Buffer> {
  const before = niftiHeader(frame.head);
  const head = adjusted(frame.head, before, plane, !holds(before, plane.data));
  const written = niftiHeader(head);
  const { kind, little } = written;
  const size = BYTES[kind];
  const file = Buffer.alloc(head.length + plane.data.length * size);
  head.copy(file);
  const view = new DataView(file.buffer, file.byteOffset + head.length);
  for (let i = 0; i < plane.data.length; i += 1) {
    writeNumber(view, i * size, storedOf(plane.data[i], written), kind, little);
  }
  return frame.gzip ? gzipAsync(file) : file;
}
