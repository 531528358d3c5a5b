/**
 * Writes an image into an export whose format is not the dataset's. If the format's tools can open the
 * image, it is copied; if not, its grey values are written as PNG.
 */
import { readImageFile, withFile } from '../../codecs/index.ts';
import { carriedImage } from '../../codecs/labelme.ts';
import { encodePng } from '../../codecs/png.ts';
import type { FileFormat } from '../../codecs/raster.ts';
import { FORMAT_NAME, extensionOf, formatOfName } from '../../codecs/sniff.ts';
import { putBytes, putCopy } from './target-folder.ts';
import { changed } from '../import/notices.ts';
import type { ImportNotice } from '../../contract/terms.ts';
import { readRegular } from '../../regular.ts';

const EXTENSION = {
  png: '.png',
  jpeg: '.jpg',
  tiff: '.tif',
  gif: '.gif',
  bmp: '.bmp',
  nifti: '.nii',
  jsrt: '.img',
} as const;
type Picture = keyof typeof EXTENSION;

/** Image formats that the tools for COCO, labelme, CVAT, VOC and YOLO open. */
export const PICTURES: readonly Picture[] = ['png', 'jpeg', 'tiff', 'bmp'];

/** The file's own extension if it fits the file's format, else the format's usual extension. */
function extensionFor(file: string, format: Picture): string {
  return formatOfName(file) === format ? extensionOf(file) : EXTENSION[format];
}

export interface PutImage {
  /** Path below the export's folder. */
  readonly path: string;
  /** Notices on how the written image differs from its file; empty for a copy. */
  readonly notices: readonly ImportNotice[];
}

/**
 * Writes the image `file` below `out`. Its path there is `stem` with a fitting extension.
 * @param holds the formats that are copied (or linked) unchanged
 * @throws UnreadableFile when the file is no longer an image.
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
    const { format, image } = carriedImage(await readRegular(file));
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
