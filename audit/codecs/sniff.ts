/** Recognises the format of a file by its first bytes, because extensions may be wrong. */
import { extname } from 'node:path';
import { isBmp } from './bmp.ts';
import type { FileFormat, FileKind } from './raster.ts';

/** Number of bytes before the letters DICM in a DICOM file. */
const PREAMBLE_BYTES = 128;
/** Number of bytes that `sniff` needs: the magic word of NIfTI-1 stands at the end of its long header. */
export const SNIFF_BYTES = 348;

const FORMAT_OF_EXTENSION: Readonly<Record<string, FileFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.jpe': 'jpeg',
  '.tif': 'tiff',
  '.tiff': 'tiff',
  '.gif': 'gif',
  '.bmp': 'bmp',
  '.dib': 'bmp',
  '.img': 'jsrt',
  '.dcm': 'dicom',
  '.dicom': 'dicom',
  '.nii': 'nifti',
  '.nii.gz': 'nifti',
};

/** The name of each format for people. */
export const FORMAT_NAME: Readonly<Record<FileFormat, string>> = {
  png: 'PNG',
  jpeg: 'JPEG',
  tiff: 'TIFF',
  gif: 'GIF',
  bmp: 'BMP',
  jsrt: 'JSRT raw',
  dicom: 'DICOM',
  nifti: 'NIfTI',
};

/** The extension with its dot, as written. `.nii.gz` counts as one extension. */
export function extensionOf(file: string): string {
  return /[^/\\](\.nii\.gz)$/i.exec(file)?.[1] ?? extname(file);
}

/** The format that the extension stands for, or null if it is not an image's. */
export function formatOfName(file: string): FileFormat | null {
  return FORMAT_OF_EXTENSION[extensionOf(file).toLowerCase()] ?? null;
}

/** Side in pixels, and size in bytes, of a JSRT original: 16 bits per pixel, no header. */
export const JSRT_SIDE = 2048;
export const JSRT_BYTES = JSRT_SIDE * JSRT_SIDE * 2;

function starts(bytes: Uint8Array, ...signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/**
 * Recognises a file by its first bytes. A JSRT original has no header, so it is recognised by its
 * extension and length.
 * @param head the first `SNIFF_BYTES` of the file
 * @param file its name
 * @param length its length in bytes
 * @returns null if the file is not an image that can be read
 */
export function sniff(head: Uint8Array, file: string, length: number): FileKind | null {
  if (starts(head, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (starts(head, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(head, 0x49, 0x49, 42, 0) || starts(head, 0x4d, 0x4d, 0, 42)) return 'tiff';
  // BigTIFF, the TIFF for files over 4 GB.
  if (starts(head, 0x49, 0x49, 43, 0) || starts(head, 0x4d, 0x4d, 0, 43)) return 'tiff';
  if (starts(head, 0x47, 0x49, 0x46, 0x38)) return 'gif';
  if (isBmp(head)) return 'bmp';
  if (isNifti(head)) return 'nifti';
  if (starts(head, 0x1f, 0x8b) && formatOfName(file) === 'nifti') return 'nifti';
  if (formatOfName(file) === 'jsrt' && length === JSRT_BYTES) return 'jsrt';
  if (starts(head.subarray(PREAMBLE_BYTES), 0x44, 0x49, 0x43, 0x4d)) return 'dicom';
  // Any JSON file counts as labelme: of the formats that Overread reads, only labelme has images in JSON.
  if (starts(head, 0x7b) && extname(file).toLowerCase() === '.json') return 'labelme';
  return null;
}

/** Checks the size field of a NIfTI-1 or NIfTI-2 header in either byte order, and its magic word. */
function isNifti(head: Uint8Array): boolean {
  const says = (at: number, ...words: readonly string[]) =>
    words.includes(String.fromCharCode(...head.subarray(at, at + 3)));
  if (starts(head, 0x5c, 1, 0, 0) || starts(head, 0, 0, 1, 0x5c)) return says(344, 'n+1', 'ni1');
  if (starts(head, 0x1c, 2, 0, 0) || starts(head, 0, 0, 2, 0x1c)) return says(4, 'n+2', 'ni2');
  return false;
}

/** A message about a file that `sniff` does not recognise, with advice for some formats. */
export function explainUnknown(head: Uint8Array, file: string, length: number): string {
  if (length === 0) return 'is empty (zero bytes): copy it again.';
  if (formatOfName(file) === 'jsrt') {
    return `is not a JSRT original: it has ${length} bytes, ${JSRT_BYTES} (2048 × 2048, 16 bits) expected.`;
  }
  if (starts(head, 0x1f, 0x8b)) return 'is compressed with gzip: unpack it first.';
  if (starts(head, 0x50, 0x4b, 3, 4)) return 'is a ZIP archive: unpack it first.';
  if (formatOfName(file) === 'dicom') {
    return 'is not a DICOM file (“DICM” is missing after its first 128 bytes): save it again.';
  }
  return (
    'is not a PNG, JPEG, TIFF, GIF, BMP, DICOM or NIfTI image: replace it, or take it out of ' +
    'the folder.'
  );
}
