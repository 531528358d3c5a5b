/**
 * Images on their way into a dataset of another format: copied where its tools open them, else
 * written as PNG with the samples they have here.
 */
import { readFile } from 'node:fs/promises';
import { readImageFile, withFile } from '../../codecs/index.ts';
import { carriedImage } from '../../codecs/labelme.ts';
import { encodePng } from '../../codecs/png.ts';
import type { FileFormat } from '../../codecs/raster.ts';
import { FORMAT_NAME, extensionOf, formatOfName } from '../../codecs/sniff.ts';
import { putBytes, putCopy } from './target-folder.ts';
import { changed } from '../import/notices.ts';
import type { ImportNotice } from '../../contract/terms.ts';

const EXTENSION = {
  png: '.png',
  jpeg: '.jpg',
  tiff: '.tif',
  gif: '.gif',
  nifti: '.nii',
  jsrt: '.img',
} as const;
type Picture = keyof typeof EXTENSION;

/** What tools that train on COCO, labelme, CVAT, VOC and YOLO open. */
export const PICTURES: readonly Picture[] = ['png', 'jpeg', 'tiff'];

/** A name says what a file is, or it gets the extension of what it is. */
function extensionFor(file: string, format: Picture): string {
  return formatOfName(file) === format ? extensionOf(file) : EXTENSION[format];
}

export interface PutImage {
  /** Where it lies below the export's folder. */
  readonly path: string;
  /** None where nothing is lost. */
  readonly notices: readonly ImportNotice[];
}

/**
 * Writes an image below `out` as `stem` and an extension.
 * @param holds the formats that are copied (or linked) as they are.
 * @throws UnreadableFile when it is no image any more.
 */
export async function putImage(
  out: string,
  stem: string,
  file: string,
  link: boolean,
  holds: readonly Picture[] = PICTURES,
): Promise<PutImage> {
  const kind = await withFile(file, async (_, format) => format);
  if (kind === 'labelme') {
    const { format, image } = carriedImage(await readFile(file));
    const path = `${stem}${EXTENSION[format]}`;
    await putBytes(out, path, image);
    return { path, notices: [] };
  }
  const held = holds.find((format) => format === kind);
  if (held !== undefined) {
    const path = `${stem}${extensionFor(file, held)}`;
    await putCopy(out, path, file, link);
    return { path, notices: [] };
  }
  return putPng(out, `${stem}.png`, file, kind);
}

async function putPng(
  out: string,
  path: string,
  file: string,
  kind: FileFormat,
): Promise<PutImage> {
  const { image, notes } = await readImageFile(file);
  const { width, height, data } = image;
  const bits = image.bits > 8 ? 16 : 8;
  await putBytes(out, path, await encodePng({ width, height, bits, data }));
  const notice = changed(path, [
    `was a ${FORMAT_NAME[kind]} file: written as PNG of ${bits} bits.`,
    ...notes,
  ]);
  return { path, notices: notice === undefined ? [] : [notice] };
}
