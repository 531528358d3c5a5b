/**
 * What every decoder yields, the bounds that hold before anything is allocated, and the error that
 * says why a file cannot be read.
 */
import type { ErrorCode } from '../contract/errors.ts';
import { UserError } from '../errors.ts';
import type { WindowPreset } from '../imaging/types.ts';

export type FileFormat = 'png' | 'jpeg' | 'tiff' | 'gif' | 'jsrt' | 'dicom' | 'nifti';
/** What a file is: an image, or a file of labelme that carries one. */
export type FileKind = FileFormat | 'labelme';

/** What a file's header says, known without decoding its pixels. */
export interface Header {
  readonly format: FileFormat;
  readonly width: number;
  readonly height: number;
  /** Bits of one sample as stored. */
  readonly bits: number;
  /** 1 grey (or palette), 2 grey and alpha, 3 colour, 4 colour and alpha. */
  readonly channels: number;
}

/** Samples as they are stored: other arrays than the first two hold what 16 bits cannot. */
export type Samples = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** What a NIfTI file holds beside its pixels, so that others can be written in its place. */
export interface NiftiFrame {
  /** All bytes before the first pixel: header and extensions. */
  readonly head: Buffer;
  readonly gzip: boolean;
}

/**
 * What of a file is read: an image or a mask, of one page each, or all pages of a mask as planes of
 * the raster's size, one after the other.
 */
export type Part = 'image' | 'mask' | 'pages';

/** A decoded picture as its file holds it: samples interleaved, rows top to bottom. */
export interface Raster extends Header {
  readonly data: Samples;
  /** Red, green, blue, 0 … 255, an entry per value, where the samples are palette indices. */
  readonly palette?: Uint8Array;
  readonly spacing?: readonly [number, number];
  readonly windows?: readonly WindowPreset[];
  readonly nifti?: NiftiFrame;
  /** Of TIFF: the file's numbers grow with darkness, and these are turned over. */
  readonly whiteIsZero?: true;
  /** What a person should know of how it was read: sentences that the file's name begins. */
  readonly notes?: readonly string[];
}

/** Whether samples are unsigned numbers of 16 bits at most, as a grey picture has them. */
export function isPlain(data: Samples): data is Uint8Array | Uint16Array {
  return data instanceof Uint8Array || data instanceof Uint16Array;
}

/** Widest and highest picture that is decoded, in pixels. */
export const MAX_SIDE = 20_000;
/** Largest picture that is decoded, in pixels. */
export const MAX_PIXELS = 200_000_000;
/** Largest file that is read into memory, in bytes. */
export const MAX_BYTES = 1024 ** 3;

/** A file that cannot be read. `problem` is a sentence that stands without the file's name. */
export class UnreadableFile extends UserError {
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string, code: ErrorCode = 'bad-file') {
    super(`${file} ${problem}`, { code });
    this.file = file;
    this.problem = problem;
  }
}

/** Thrown inside a decoder, which does not know its file's name. The text follows that name. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** @throws CodecError when a picture is empty or larger than what is decoded. */
export function checkBounds(width: number, height: number): void {
  if (width < 1 || height < 1) throw new CodecError('has a width or height of zero.');
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new CodecError(
      `is ${width} × ${height} pixels, more than the ${MAX_SIDE} a side or the ` +
        `${MAX_PIXELS / 1e6} megapixels that are read: cut or scale it down.`,
    );
  }
}

/** @throws CodecError when the pages of a mask are more than what is held at a time. */
export function checkPages(width: number, height: number, pages: number): void {
  if (width * height * pages > MAX_PIXELS) {
    throw new CodecError(
      `has pages of more than ${MAX_PIXELS / 1e6} megapixels in all, which is more than is read: ` +
        'scale them down.',
    );
  }
}
