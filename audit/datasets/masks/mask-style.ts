/**
 * Finds how a dataset stores its masks (format, size, numbers for inside and outside), and encodes
 * corrected masks in the same way.
 */
import type { Mask } from '../../imaging/types.ts';
import { resampleMask } from '../../imaging/resample.ts';
import { encodeGif } from '../../codecs/gif.ts';
import { UnreadableFile, readRaster } from '../../codecs/index.ts';
import type { Raster } from '../../codecs/index.ts';
import { paletteLuma } from '../../codecs/grey.ts';
import { encodeNifti } from '../../codecs/nifti/nifti.ts';
import { encodePng } from '../../codecs/png.ts';
import type { Plane } from '../../codecs/png.ts';
import { CodecError, isPlain } from '../../codecs/raster.ts';
import type { NiftiFrame } from '../../codecs/raster.ts';
import { encodeTiff } from '../../codecs/tiff/tiff.ts';
import { extensionOf, formatOfName } from '../../codecs/sniff.ts';
import { binaryMask } from './masks.ts';
import type { Values } from './masks.ts';
import { isImageName, walk } from '../tree/walk.ts';

/** How a mask file is stored. */
export interface MaskStyle {
  readonly format: 'png' | 'gif' | 'tiff' | 'nifti';
  readonly bits: 1 | 2 | 4 | 8 | 16;
  /** The value that a pixel inside the mask has in the file; `off` is the value outside. */
  readonly on: number;
  readonly off: number;
  readonly palette?: Uint8Array;
  /** Only TIFF: larger numbers are darker. */
  readonly whiteIsZero?: true;
  /** Only for NIfTI: the header and type of number of the file, which are kept. */
  readonly nifti?: NiftiFrame;
  /** The size of the mask file, or null for the size of the image. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** What the file loses in this style, as the rest of a sentence that begins with the file's name. */
  readonly loss?: string;
}

const EXTENSION: Readonly<Record<MaskStyle['format'], string>> = {
  png: '.png',
  gif: '.gif',
  tiff: '.tif',
  nifti: '.nii.gz',
};

/** The extension of a new file of this style. */
export function extensionFor({ format, nifti }: Pick<MaskStyle, 'format' | 'nifti'>): string {
  return nifti?.gzip === false ? '.nii' : EXTENSION[format];
}

/** The path with an extension that fits the style; unchanged if it fits already. */
export function renamed(path: string, style: Pick<MaskStyle, 'format' | 'nifti'>): string {
  if (formatOfName(path) === style.format) return path;
  return `${path.slice(0, path.length - extensionOf(path).length)}${extensionFor(style)}`;
}

/** The style of a new mask that follows no other file: a PNG with the values 0 and 255. */
export const PLAIN_STYLE: MaskStyle = { format: 'png', bits: 8, on: 255, off: 0, size: null };
/** At most this many files are read to find the style of a folder. */
const LOOKED_AT = 20;

function mostFrequent(raster: Raster, mask: Mask, inside: 0 | 1): number | null {
  const counts = new Map<number, number>();
  for (let i = 0; i < mask.data.length; i += 1) {
    if (mask.data[i] !== inside) continue;
    const value = raster.data[i * raster.channels];
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best: number | null = null;
  for (const [value, count] of counts) {
    if (best === null || count > counts.get(best)!) best = value;
  }
  return best;
}

const LOSSY = 'was a JPEG, which does not keep masks exactly: written as PNG.';
const SEVERAL_CHANNELS = 'had several channels: written as one grey channel.';
const OTHER_NUMBERS = 'had signed, 32-bit or floating-point numbers: written as grey values.';

/**
 * The format and depth in which a changed mask file is written. They keep the file's numbers where
 * possible; `loss` says what is lost if not.
 */
export function containerOf(
  raster: Raster,
): Pick<MaskStyle, 'format' | 'bits' | 'palette' | 'whiteIsZero' | 'nifti' | 'size' | 'loss'> {
  const { width, height, format, channels, palette, whiteIsZero } = raster;
  const size = { width, height };
  if (raster.nifti !== undefined) {
    const loss = channels > 1 ? SEVERAL_CHANNELS : undefined;
    const kept = { format: 'nifti' as const, bits: 16 as const, size, nifti: raster.nifti };
    return { ...kept, ...(loss !== undefined && { loss }) };
  }
  const deep = raster.data instanceof Uint16Array;
  const bits = deep ? 16 : 8;
  if (format === 'jpeg') {
    return { format: 'png', bits: 8, size, loss: LOSSY };
  }
  if (format === 'dicom') {
    return { format: 'png', bits: 8, size, loss: 'was a DICOM file: written as PNG.' };
  }
  if (format === 'jsrt') {
    return { format: 'png', bits, size, loss: 'was a JSRT image: written as PNG.' };
  }
  if (format === 'bmp') {
    const low = { bits: raster.bits as MaskStyle['bits'], size, ...(palette && { palette }) };
    return { format: 'png', ...low, loss: 'was a BMP file: written as PNG.' };
  }
  if (channels > 1 || !isPlain(raster.data)) {
    const kept = format === 'tiff' ? 'tiff' : 'png';
    return { format: kept, bits, size, loss: channels > 1 ? SEVERAL_CHANNELS : OTHER_NUMBERS };
  }
  if (format === 'gif') return { format, bits: 8, size, palette: palette ?? GREYS };
  const low = raster.bits as MaskStyle['bits'];
  const common = { size, ...(palette && { palette }), ...(whiteIsZero && { whiteIsZero }) };
  return format === 'png' ? { ...common, format, bits: low } : { ...common, format: 'tiff', bits };
}

/** A palette of greys, for GIF files without a palette. */
const GREYS = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

/** The number for a pixel inside, if the file's mask is empty and so does not show it. */
function brightest(raster: Raster, bits: number): number {
  if (raster.nifti !== undefined) return 1;
  if (raster.palette === undefined) return 2 ** Math.min(bits, 8) - 1;
  const grey = paletteLuma(raster.palette);
  return grey.indexOf(Math.max(...grey));
}

function styleOfRaster(raster: Raster): { style: MaskStyle; empty: boolean } {
  const { mask } = binaryMask(raster);
  const container = containerOf(raster);
  const on = mostFrequent(raster, mask, 1);
  const off = mostFrequent(raster, mask, 0) ?? 0;
  const style = { ...container, on: on ?? brightest(raster, container.bits), off };
  return { style, empty: on === null };
}

/** Finds the style of each folder (once) and of each file. */
export class MaskStyles {
  readonly #folders = new Map<string, Promise<MaskStyle>>();

  /**
   * The style of a folder: the style of its first mask that is not empty, else of its first mask, else
   * `PLAIN_STYLE`. At most `LOOKED_AT` files are read.
   */
  ofFolder(folder: string): Promise<MaskStyle> {
    const style = this.#folders.get(folder) ?? this.#look(folder);
    this.#folders.set(folder, style);
    return style;
  }

  async #look(folder: string): Promise<MaskStyle> {
    const files = await walk(folder).catch(() => []);
    let style: MaskStyle | null = null;
    for (const file of files.filter(({ path }) => isImageName(path)).slice(0, LOOKED_AT)) {
      const found = await this.#read(file.path);
      if (found === null) continue;
      style ??= found.style;
      if (!found.empty) {
        style = found.style;
        break;
      }
    }
    // The size is left out, because a new mask has the size of its image, not of another mask.
    return style === null ? PLAIN_STYLE : { ...style, size: null };
  }

  /** The style for a new mask. A NIfTI mask takes the header, with the position in space, from its image. */
  async forNew(folder: string, imageFile: string): Promise<MaskStyle> {
    const style = await this.ofFolder(folder);
    if (style.nifti === undefined || formatOfName(imageFile) !== 'nifti') return style;
    const head = (await readRaster(imageFile)).raster.nifti?.head ?? style.nifti.head;
    return { ...style, nifti: { ...style.nifti, head } };
  }

  /**
   * The style of the mask in `file`, or the folder's style if the file cannot be read. If the mask is
   * empty, the number for inside comes from the folder's style.
   */
  async ofFile(file: string, folder: string): Promise<MaskStyle> {
    const found = await this.#read(file);
    if (found === null) return this.ofFolder(folder);
    if (!found.empty) return found.style;
    const { on } = await this.ofFolder(folder);
    return on < 2 ** found.style.bits ? { ...found.style, on } : found.style;
  }

  async #read(file: string): Promise<{ style: MaskStyle; empty: boolean } | null> {
    try {
      return styleOfRaster((await readRaster(file)).raster);
    } catch (error) {
      if (error instanceof UnreadableFile || error instanceof CodecError) return null;
      throw error;
    }
  }
}

/** Encodes one number per pixel in the style's format. */
export async function encodeValues(
  values: Values,
  style: Pick<MaskStyle, 'format' | 'bits' | 'palette' | 'whiteIsZero' | 'nifti'>,
): Promise<Buffer> {
  const { format, bits, palette, whiteIsZero, nifti } = style;
  if (nifti !== undefined) return encodeNifti(values, nifti);
  const plane: Plane = { ...values, bits, ...(palette && { palette }) };
  if (format === 'gif') {
    return encodeGif({ ...values, data: Uint8Array.from(values.data) }, palette ?? GREYS);
  }
  if (format === 'png') return encodePng(plane);
  return encodeTiff({ ...plane, bits: bits === 16 ? 16 : 8, ...(whiteIsZero && { whiteIsZero }) });
}

/**
 * Encodes a mask in a style.
 * @returns the file's bytes, and notes on what was lost
 */
export async function encodeMask(
  mask: Mask,
  style: MaskStyle,
): Promise<{ bytes: Buffer; notes: (string | undefined)[] }> {
  const size = style.size ?? mask;
  const resized = size.width !== mask.width || size.height !== mask.height;
  const { width, height, data } = resized ? resampleMask(mask, size.width, size.height) : mask;
  const plane = style.bits === 16 ? new Uint16Array(data.length) : new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 1) plane[i] = data[i] === 1 ? style.on : style.off;
  const note = resized
    ? `was corrected at ${mask.width} × ${mask.height} and written at the file’s size, ${width} × ${height}.`
    : undefined;
  return {
    bytes: await encodeValues({ width, height, data: plane }, style),
    notes: [style.loss, note],
  };
}
