/**
 * Reads the image inside a labelme file: a PNG or JPEG in base64. The image is used if no image file
 * lies beside the labelme file.
 */
import { decodeJpeg, jpegHeader } from './jpeg.ts';
import { decodePng, pngHeader } from './png.ts';
import { CodecError } from './raster.ts';
import type { Header, Raster } from './raster.ts';
import { sniff } from './sniff.ts';

/** Largest labelme file that is read, in bytes. It becomes one string, whose length Node limits. */
export const LABELME_MAX_BYTES = 256 * 1024 * 1024;

/**
 * The bytes and the format of the image inside a labelme file.
 * @throws CodecError when the file is no valid JSON or contains no PNG or JPEG.
 */
export function carriedImage(bytes: Buffer): { format: 'png' | 'jpeg'; image: Buffer } {
  let imageData: unknown;
  try {
    ({ imageData } = JSON.parse(bytes.toString('utf8')) as { imageData?: unknown });
  } catch {
    throw new CodecError('is no valid JSON: copy it again.');
  }
  if (typeof imageData !== 'string')
    throw new CodecError('carries no image: put it beside the file.');
  const image = Buffer.from(imageData, 'base64');
  const format = sniff(image, '', image.length);
  if (format === 'png' || format === 'jpeg') return { format, image };
  throw new CodecError('carries an image that is neither PNG nor JPEG: put it beside the file.');
}

/** @throws CodecError as `carriedImage`, and when the header of the image is wrong. */
export function labelmeHeader(bytes: Buffer): Header {
  const { format, image } = carriedImage(bytes);
  return format === 'png' ? pngHeader(image) : jpegHeader(image, true)!;
}

/** @throws CodecError as `labelmeHeader`, and when the image is broken. */
export async function decodeLabelme(bytes: Buffer): Promise<Raster> {
  const { format, image } = carriedImage(bytes);
  return format === 'png' ? decodePng(image) : decodeJpeg(image);
}
