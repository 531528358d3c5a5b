/**
 * Types of decoded pictures, limits of size that are checked before memory is allocated, and errors for
 * files that cannot be read.
 */
import type { PixelGrid, WindowPreset } from '../imaging/types.ts';

export { UnreadableFile } from '../regular.ts';

export type FileFormat = 'png' | 'jpeg' | 'tiff' | 'gif' | 'bmp' | 'jsrt' | 'dicom' | 'nifti';
/** An image file, or a labelme file that contains an image. */
export type FileKind = FileFormat | 'labelme';

/** The facts in the header of an image file, known before its pixels are decoded. */
export interface Header {
  readonly format: FileFormat;
  readonly width: number;
  readonly height: number;
  /** Stored bits per sample. */
  readonly bits: number;
  /** 1 grey (or palette), 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
}

/** Stored samples. The last three types are for signed, floating-point and 32- or 64-bit numbers. */
export type Samples = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** A NIfTI file without its pixels. Other pixels can be written into it. */
export interface NiftiFrame {
  /** All bytes before the first pixel: header and extensions. */
  readonly head: Buffer;
  readonly gzip: boolean;
}

/**
 * The part of a file that is read: an image of one page, a mask of one page, or all pages of a mask,
 * which become planes one after another.
 */
export type Part = 'image' | 'mask' | 'pages';

/** A decoded picture: interleaved samples, rows from top to bottom. */
export interface Raster extends Header {
  readonly data: Samples;
  /** If the samples are palette indices: red, green, blue (0 … 255) per index. */
  readonly palette?: Uint8Array;
  /** Millimetres per pixel, [horizontal, vertical], if the file states it. */
  readonly spacing?: readonly [number, number];
  /** Where the pixels lie in space, if the file states it. */
  readonly grid?: PixelGrid;
  readonly windows?: readonly WindowPreset[];
  readonly nifti?: NiftiFrame;
  /**
   * Set if larger numbers are darker in the file, a TIFF of 8 bits or more. `data` is inverted, so larger
   * is brighter in it.
   */
  readonly whiteIsZero?: true;
  /** Facts about how the file was read that a person should know, see `DecodedRaster`. */
  readonly notes?: readonly string[];
}

/** Whether the samples are unsigned numbers of at most 16 bits. */
export function isPlain(data: Samples): data is Uint8Array | Uint16Array {
  return data instanceof Uint8Array || data instanceof Uint16Array;
}

/** Largest width and height that is decoded, in pixels. */
const MAX_SIDE = 20_000;
/** Largest number of pixels that is decoded. */
const MAX_PIXELS = 200_000_000;
/** Largest file that is read into memory, in bytes. */
export const MAX_BYTES = 1024 ** 3;

/** Message about a file that ends too early; it follows the file's name. */
export const CUT_SHORT = 'is cut short: copy it again.';
/** Message about compressed pixels that no decoder can read; it follows the file's name. */
export const BROKEN_PIXELS = 'is broken: its compressed pixels make no sense.';

/** An error of a decoder, which does not know the file's name. The message is meant to follow that name. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** @throws CodecError when a picture is empty or too large. */
export function checkBounds(width: number, height: number): void {
  if (width < 1 || height < 1) throw new CodecError('has a width or height of zero.');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new CodecError(
      `is ${width} × ${height} pixels, more than the ${MAX_SIDE} a side or the ` +
        `${MAX_PIXELS / 1e6} megapixels that are read: cut or scale it down.`,
    );
  }
}

/** @throws CodecError when the pages of a mask have too many pixels in all. */
export function checkPages(width: number, height: number, pages: number): void {
  if (width * height * pages > MAX_PIXELS) {
    throw new CodecError(
      `has pages of more than ${MAX_PIXELS / 1e6} megapixels in all, which is more than is read: ` +
        'scale them down.',
    );
  }
}
