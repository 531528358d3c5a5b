/** Parses the header of a NIfTI-1 or NIfTI-2 file. References: nifti1.h, nifti2.h. */
import { constants, gunzipSync } from 'node:zlib';
import type { PixelGrid } from '../../imaging/types.ts';
import { niftiGrid } from './grid.ts';
import { CUT_SHORT, CodecError, checkBounds } from '../raster.ts';
import type { Header } from '../raster.ts';

/** Number of bytes at the start of a file that contain the header, compressed or not. */
export const NIFTI_HEAD_BYTES = 4096;
/** Largest offset of the pixels, in bytes. All bytes before the pixels stay in memory for an export. */
const MAX_OFFSET = 1 << 26;
export const BROKEN = 'is a broken NIfTI file';
const RGB = 128;
const RGBA = 2304;

export type NumberKind =
  'u8' | 'u16' | 'u32' | 'u64' | 'i8' | 'i16' | 'i32' | 'i64' | 'f32' | 'f64';
const KINDS: Readonly<Record<number, NumberKind>> = {
  2: 'u8',
  4: 'i16',
  8: 'i32',
  16: 'f32',
  64: 'f64',
  256: 'i8',
  512: 'u16',
  768: 'u32',
  1024: 'i64',
  1280: 'u64',
  [RGB]: 'u8',
  [RGBA]: 'u8',
};
/** Bytes per number of each kind. */
export const BYTES: Readonly<Record<NumberKind, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  u64: 8,
  i64: 8,
  f64: 8,
};
/** By version of NIfTI: size of the header and positions of its fields, in bytes. */
export const FIELDS = {
  1: { size: 348, dim: 40, type: 70, bits: 72, pixdim: 76, offset: 108, slope: 112, units: 123 },
  2: { size: 540, dim: 16, type: 12, bits: 14, pixdim: 104, offset: 168, slope: 176, units: 500 },
} as const;

export interface NiftiHeader extends Header {
  readonly version: 1 | 2;
  readonly little: boolean;
  readonly type: number;
  readonly kind: NumberKind;
  /** Position of the first pixel, in bytes of the unpacked file. */
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  /** The file's axes, counted from 1: the first leads from column to column, the second from row to row. */
  readonly axes: readonly [number, number];
  readonly spacing?: readonly [number, number];
  readonly grid?: PixelGrid;
}

export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Unpacks the first bytes of a file if it is compressed; `bytes` need not be the whole file. */
function unpackedHead(bytes: Buffer): Buffer {
  if (!isGzip(bytes)) return bytes;
  try {
    // No limit is needed: 4096 compressed bytes unpack to a few million bytes at most.
    return gunzipSync(bytes.subarray(0, NIFTI_HEAD_BYTES), {
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch {
    throw new CodecError(`${BROKEN}: it does not unpack.`);
  }
}

/** @throws CodecError when the file is not a NIfTI file of one picture, or too large. */
export function niftiHeader(first: Buffer): NiftiHeader {
  const bytes = unpackedHead(first);
  if (bytes.length < FIELDS[1].size) throw new CodecError(CUT_SHORT);
  const little = bytes.readInt32LE(0) === 348 || bytes.readInt32LE(0) === 540;
  const size = little ? bytes.readInt32LE(0) : bytes.readInt32BE(0);
  if (size !== 348 && size !== 540) throw new CodecError(`${BROKEN}: it has no header.`);
  const version = size === 348 ? 1 : 2;
  const at = FIELDS[version];
  if (bytes.length < at.size) throw new CodecError(CUT_SHORT);
  const magic = bytes.toString('latin1', version === 1 ? 344 : 4, version === 1 ? 347 : 7);
  if (magic === 'ni1' || magic === 'ni2') {
    throw new CodecError('is half of a NIfTI pair (.hdr and .img): save both as one .nii file.');
  }
  if (magic !== `n+${version}`) throw new CodecError(`${BROKEN}: it has no header.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const i16 = (place: number) => view.getInt16(place, little);
  const real = (place: number, index = 0) =>
    version === 1
      ? view.getFloat32(place + index * 4, little)
      : view.getFloat64(place + index * 8, little);
  const dim = (index: number) =>
    version === 1 ? i16(at.dim + index * 2) : Number(view.getBigInt64(at.dim + index * 8, little));
  const { axes, width, height } = plane(Array.from({ length: 8 }, (_, index) => dim(index)));
  checkBounds(width, height);
  const type = i16(at.type);
  const kind = KINDS[type];
  if (kind === undefined) {
    throw new CodecError(
      `is a NIfTI file of a kind that cannot be read (data type ${type}): save it with real numbers.`,
    );
  }
  const offset = version === 1 ? real(at.offset) : Number(view.getBigInt64(at.offset, little));
  if (!Number.isInteger(offset) || offset < at.size || offset > MAX_OFFSET) {
    throw new CodecError(`${BROKEN}: its header says that the pixels begin at byte ${offset}.`);
  }
  const slope = real(at.slope);
  const intercept = real(at.slope, 1);
  const scaled = Number.isFinite(slope) && slope !== 0;
  const units = version === 1 ? bytes[at.units] : view.getInt32(at.units, little);
  const spacing = spacingOf(
    axes.map((axis) => Math.abs(real(at.pixdim, axis))),
    units & 7,
  );
  const grid = niftiGrid(view, version, little, axes);
  return {
    format: 'nifti',
    width,
    height,
    bits: BYTES[kind] * 8,
    channels: type === RGB ? 3 : type === RGBA ? 4 : 1,
    version,
    little,
    type,
    kind,
    offset,
    slope: scaled ? slope : 1,
    intercept: scaled && Number.isFinite(intercept) ? intercept : 0,
    axes,
    ...(spacing && { spacing }),
    ...(grid && { grid }),
  };
}

/**
 * Chooses the axes of columns and rows: the first two, unless a later axis is longer than one voxel. Then
 * the two long axes are taken, or the first axis and the only long one.
 * @throws CodecError if more than two axes are longer than one voxel
 */
function plane(dim: readonly number[]): Pick<NiftiHeader, 'axes' | 'width' | 'height'> {
  const count = dim[0];
  if (!(count >= 1 && count <= 7)) throw new CodecError(`${BROKEN}: it has ${count} axes.`);
  // Unused axes often have the length 0, which means 1.
  const lengths = dim.map((length, axis) =>
    axis > count || (axis > 2 && length === 0) ? 1 : length,
  );
  if (lengths.some((length, axis) => axis > 0 && length < 1)) {
    throw new CodecError(`${BROKEN}: an axis has the length ${Math.min(...lengths.slice(1))}.`);
  }
  const long = [1, 2, 3, 4, 5, 6, 7].filter((axis) => lengths[axis] > 1);
  if (long.length > 2) {
    const shape = lengths.slice(1, count + 1).join(' × ');
    throw new CodecError(`is a volume (${shape}): only single radiographs are read.`);
  }
  const beyond = long.some((axis) => axis > 2);
  const axes: [number, number] = beyond && long.length === 2 ? [long[0], long[1]] : [1, 2];
  if (beyond && long.length === 1) axes[1] = long[0];
  return { axes, width: lengths[axes[0]], height: lengths[axes[1]] };
}

/**
 * Millimetres per pixel, or undefined if unknown. A size without a unit is in millimetres, as in other
 * readers. But 1 × 1 without a unit counts as unknown: tools write it if they know no size.
 */
function spacingOf(size: readonly number[], unit: number): readonly [number, number] | undefined {
  const [x, y] = size;
  if (!(x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))) return undefined;
  if (unit === 0 && x === 1 && y === 1) return undefined;
  const scale = unit === 1 ? 1000 : unit === 3 ? 0.001 : 1;
  return [x * scale, y * scale];
}
