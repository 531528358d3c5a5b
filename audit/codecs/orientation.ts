/**
 * Turns pictures upright by the Orientation tag (274) of Exif and TIFF: 1 is upright, 2 to 8 are mirrored
 * or turned. Reference: TIFF revision 6.0, page 36; Exif 2.32, section 4.6.5.
 */
import type { Raster, Samples } from './raster.ts';

const TAG = 274;
const ENTRY_BYTES = 12;

/** The orientation in Exif's TIFF structure, or 1 if it states none. */
function ofTiff(bytes: Buffer): number {
  const little = bytes.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  if (bytes.length < 10 || u16(2) !== 42) return 1;
  const start = little ? bytes.readUInt32LE(4) : bytes.readUInt32BE(4);
  if (start + 2 > bytes.length) return 1;
  const count = u16(start);
  for (let i = 0; i < count; i += 1) {
    const at = start + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > bytes.length) return 1;
    if (u16(at) === TAG) return u16(at + 8);
  }
  return 1;
}

/** The orientation in the body of a JPEG's APP1 segment, or null if the segment is not Exif. */
export function exifOrientation(body: Buffer): number | null {
  if (body.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  return ofTiff(body.subarray(6));
}

/** Whether turning the picture upright swaps width and height. */
export function isSideways(orientation: number): boolean {
  return orientation >= 5 && orientation <= 8;
}

/** Converts the place (x, y) of a pixel in the upright picture to its index in the stored picture. */
function source(orientation: number, x: number, y: number, w: number, h: number): number {
  switch (orientation) {
    case 2:
      return y * w + (w - 1 - x);
    case 3:
      return (h - 1 - y) * w + (w - 1 - x);
    case 4:
      return (h - 1 - y) * w + x;
    case 5:
      return x * w + y;
    case 6:
      return (h - 1 - x) * w + y;
    case 7:
      return (h - 1 - x) * w + (w - 1 - y);
    case 8:
      return x * w + (w - 1 - y);
    default:
      return y * w + x;
  }
}

/** Turns the picture upright; returns the same object if it is upright already. */
export function upright(raster: Raster, orientation: number): Raster {
  if (orientation < 2 || orientation > 8) return raster;
  const { width, height, channels, spacing } = raster;
  const turned = isSideways(orientation);
  const [across, down] = turned ? [height, width] : [width, height];
  const data = new (raster.data.constructor as new (length: number) => Samples)(raster.data.length);
  let to = 0;
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      const from = source(orientation, x, y, width, height) * channels;
      for (let c = 0; c < channels; c += 1) data[to + c] = raster.data[from + c];
      to += channels;
    }
  }
  return {
    ...raster,
    width: across,
    height: down,
    data,
    ...(spacing && turned && { spacing: [spacing[1], spacing[0]] as const }),
    notes: [
      ...(raster.notes ?? []),
      'is stored turned or mirrored: shown upright, as its orientation tag says.',
    ],
  };
}
