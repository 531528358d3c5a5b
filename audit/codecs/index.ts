/**
 * Reads image files. It recognises the format by the first bytes, checks the size in the header before
 * it allocates memory, and decodes the file to its samples or to grey. A print resolution (dots per
 * inch) is not the size of a pixel on the patient, so it never becomes a spacing.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../errors.ts';
import { NO_ANSWER, answered, openRegular } from '../regular.ts';
import type { GreyImage } from '../imaging/types.ts';
import { BMP_HEADER_BYTES, bmpHeader, decodeBmp } from './bmp.ts';
import { decodeDicom, dicomHeader } from './dicom/dicom.ts';
import { GIF_HEADER_BYTES, decodeGif, gifHeader } from './gif.ts';
import { toGrey } from './grey.ts';
import { decodeJpeg, jpegHeader } from './jpeg.ts';
import { JSRT_HEADER, decodeJsrt } from './jsrt-raw.ts';
import { LABELME_MAX_BYTES, decodeLabelme, labelmeHeader } from './labelme.ts';
import { NIFTI_HEAD_BYTES, niftiHeader } from './nifti/header.ts';
import { decodeNifti } from './nifti/nifti.ts';
import { PNG_HEADER_BYTES, decodePng, pngHeader } from './png.ts';
import { CodecError, MAX_BYTES, UnreadableFile } from './raster.ts';
import type { FileKind, Header, Part, Raster } from './raster.ts';
import {
  FORMAT_NAME,
  SNIFF_BYTES,
  explainUnknown,
  extensionOf,
  formatOfName,
  sniff,
} from './sniff.ts';
import { decodeTiff } from './tiff/tiff.ts';
import type { ReadAt } from './tiff/directory.ts';
import { tiffHeader, tiffPages } from './tiff/header.ts';

/** JPEG and DICOM headers have no fixed length: this many bytes are read first, then more if needed. */
const JPEG_STEP = 1 << 16;
export const DICOM_STEP = 1 << 13;

/** Reads `length` bytes from `offset`, or fewer if the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const reading = file.read(buffer, filled, length - filled, offset + filled);
    const { bytesRead } = await answered(reading, () => new CodecError(NO_ANSWER));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

const tiffPart = async (read: ReadAt, part: Part): Promise<Header> =>
  part === 'pages' ? (await tiffPages(read))[0] : tiffHeader(read, part);

async function headerOf(
  format: FileKind,
  file: FileHandle,
  length: number,
  part: Part,
): Promise<Header> {
  if (part === 'pages' && format !== 'tiff') {
    throw new CodecError('is no TIFF, and the legend names pages of TIFF files: save it as one.');
  }
  switch (format) {
    case 'png':
      return pngHeader(await readAt(file, 0, PNG_HEADER_BYTES));
    case 'gif':
      return gifHeader(await readAt(file, 0, GIF_HEADER_BYTES));
    case 'bmp':
      return bmpHeader(await readAt(file, 0, BMP_HEADER_BYTES));
    case 'tiff':
      return tiffPart((offset, bytes) => readAt(file, offset, Math.min(bytes, length)), part);
    case 'nifti':
      return niftiHeader(await readAt(file, 0, Math.min(NIFTI_HEAD_BYTES, length)));
    case 'labelme':
      if (length > LABELME_MAX_BYTES) throw new CodecError('is too large to be read.');
      return labelmeHeader(await readAt(file, 0, length));
    case 'jsrt':
      return JSRT_HEADER;
    case 'jpeg':
      return stepwise(file, length, jpegHeader, JPEG_STEP);
    case 'dicom':
      return stepwise(file, length, dicomHeader, DICOM_STEP);
  }
}

/**
 * Parses a header of unknown length: calls `header` with more and more of the file's first bytes.
 * @param header returns null if it needs more bytes; `whole` tells it that `bytes` are the whole file
 * @param first number of bytes for the first call
 */
export async function stepwise<T>(
  file: FileHandle,
  length: number,
  header: (bytes: Buffer, whole: boolean) => T | null,
  first: number,
): Promise<T> {
  for (let bytes = first; ; bytes *= 4) {
    if (bytes > MAX_BYTES) throw new CodecError('is larger than 1 GB: scale it down.');
    const found = header(await readAt(file, 0, Math.min(bytes, length)), bytes >= length);
    if (found !== null) return found;
  }
}

async function decode(format: FileKind, bytes: Buffer, part: Part): Promise<Raster> {
  switch (format) {
    case 'png':
      return decodePng(bytes);
    case 'jpeg':
      return decodeJpeg(bytes);
    case 'tiff':
      return decodeTiff(bytes, part);
    case 'gif':
      return decodeGif(bytes);
    case 'bmp':
      return decodeBmp(bytes);
    case 'nifti':
      return decodeNifti(bytes);
    case 'labelme':
      return decodeLabelme(bytes);
    case 'jsrt':
      return decodeJsrt(bytes);
    case 'dicom':
      return decodeDicom(bytes);
  }
}

/** Error codes for a missing file or an impossible name. */
const NOT_THERE = ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'];

/** The error for a person if the system could not read the file, or null if `error` has another cause. */
function systemProblem(path: string, error: unknown): UnreadableFile | null {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && NOT_THERE.includes(code)) {
    return new UnreadableFile(
      path,
      'is not there any more: restore it, or import again.',
      'no-image',
    );
  }
  if (code === 'ELOOP') {
    return new UnreadableFile(path, 'is a link that goes round: put the file in its place.');
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new UnreadableFile(path, 'may not be read: change its permissions.');
  }
  if (code === 'EISDIR') return new UnreadableFile(path, 'is a folder, not an image.');
  if (code === 'EIO') {
    return new UnreadableFile(path, 'cannot be read from its disk: check the disk.');
  }
  return null;
}

/** Runs `work` on the opened file. Errors about the file become an UnreadableFile. */
export async function withFile<T>(
  path: string,
  work: (file: FileHandle, format: FileKind, length: number) => Promise<T>,
): Promise<T> {
  let file: FileHandle | undefined;
  try {
    file = await openRegular(path);
    const stat = await file.stat();
    if (stat.isDirectory()) throw new CodecError('is a folder, not an image.');
    const head = await readAt(file, 0, SNIFF_BYTES);
    const format = sniff(head, path, stat.size);
    if (format === null) throw new CodecError(explainUnknown(head, path, stat.size));
    return await work(file, format, stat.size);
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(path, error.message);
    throw systemProblem(path, error) ?? error;
  } finally {
    // A disk that does not answer keeps the file open.
    await answered(file?.close() ?? Promise.resolve(), () => new CodecError(NO_ANSWER)).catch(
      () => undefined,
    );
  }
}

/**
 * Reads the header of an image file without decoding it.
 * @throws UnreadableFile when the file is not an image, broken, a volume or too large.
 */
export function readHeader(path: string): Promise<Header> {
  return withFile(path, (file, format, length) => headerOf(format, file, length, 'image'));
}

/** A note if the extension does not fit the format. DICOM may lack one, and labelme files have `.json`. */
function extensionNotes(path: string, format: FileKind): string[] {
  if (format === 'labelme') return [];
  const byName = formatOfName(path);
  if (byName === format || (byName === null && format === 'dicom')) return [];
  const name = extensionOf(path) || basename(path);
  return [`is a ${FORMAT_NAME[format]} file named ${name}: read by its content.`];
}

/**
 * A decoded file and the SHA-256 of its bytes. `notes` say what a person should know about how it was
 * read; each is the rest of a sentence that begins with the file's name.
 */
export interface DecodedRaster {
  readonly raster: Raster;
  readonly hash: string;
  readonly notes: readonly string[];
}

/**
 * Decodes an image file to its samples. Reads the file once.
 * @throws UnreadableFile with a sentence that says what is wrong.
 */
export function readRaster(path: string, part: Part = 'image'): Promise<DecodedRaster> {
  return withFile(path, async (file, format, length) => {
    await headerOf(format, file, length, part);
    if (length > MAX_BYTES) throw new CodecError('is larger than 1 GB: scale it down.');
    const bytes = await readAt(file, 0, length);
    let raster: Raster;
    try {
      raster = await decode(format, bytes, part);
    } catch (error) {
      if (error instanceof CodecError || error instanceof UserError) throw error;
      // A decoder's error about a broken file means nothing to a person: a sentence replaces it.
      const name = format === 'labelme' ? format : FORMAT_NAME[format];
      throw new CodecError(`is a broken ${name} file: copy it again.`);
    }
    const hash = createHash('sha256').update(bytes).digest('hex');
    return { raster, hash, notes: [...extensionNotes(path, format), ...(raster.notes ?? [])] };
  });
}

/** A decoded radiograph; see `DecodedRaster`. */
export interface DecodedImage {
  readonly image: GreyImage;
  readonly hash: string;
  readonly notes: readonly string[];
}

/**
 * Decodes an image file to a grey radiograph. Reads the file once.
 * @throws UnreadableFile with a sentence that says what is wrong.
 */
export async function readImageFile(path: string): Promise<DecodedImage> {
  const { raster, hash, notes } = await readRaster(path);
  try {
    const { image, note } = toGrey(raster);
    return { image, hash, notes: note === undefined ? notes : [...notes, note] };
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(path, error.message);
    throw error;
  }
}

export { UnreadableFile } from './raster.ts';
export type { Header, Part, Raster } from './raster.ts';
