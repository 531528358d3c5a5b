/** How a dataset writes its masks (format, size, the numbers for inside and outside). */
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

export interface MaskStyle {
  readonly format: 'png' | 'gif' | 'tiff' | 'nifti';
  readonly bits: 1 | 2 | 4 | 8 | 16;
  readonly on: number;
  readonly off: number;
  readonly palette?: Uint8Array;
  /** Of TIFF: its numbers grow with darkness. */
  readonly whiteIsZero?: true;
  /** Of NIfTI: the file whose header and type of number are kept. */
  readonly nifti?: NiftiFrame;
  /** Size of the file it was taken from; null where masks have their image's size. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** What the file held that this style does not: a sentence its name begins. */
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

/** The name with the extension of the format it is written in, kept where it is that already. */
export function renamed(path: string, style: Pick<MaskStyle, 'format' | 'nifti'>): string {
  if (formatOfName(path) === style.format) return path;
  return `${path.slice(0, path.length - extensionOf(path).length)}${extensionFor(style)}`;
}

export const PLAIN_STYLE: MaskStyle = { format: 'png', bits: 8, on: 255, off: 0, size: null };
/** Files looked at to learn how a folder writes its masks. */
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

/** Format and depth in which a file's kind of pixel can be written without loss. */
export function containerOf(
  raster: Raster,
): Pick<MaskStyle, 'format' | 'bits' | 'palette' | 'whiteIsZero' | 'nifti' | 'size' | 'loss'> {
  const { width, height, format, channels, palette, whiteIsZero } = raster;
  const size = { width, height };
  if (raster.nifti !== undefined) {
    const loss = channels > 1 ? 'had other channels or numbers: written as grey.' : undefined;
    const kept = { format: 'nifti' as const, bits: 16 as const, size, nifti: raster.nifti };
    return { ...kept, ...(loss !== undefined && { loss }) };
  }
  const deep = raster.data instanceof Uint16Array;
  const bits = deep ? 16 : 8;
  if (format === 'jpeg') {
    return { format: 'png', bits: 8, size, loss: 'was a JPEG, which loses: written as PNG.' };
  }
  if (format === 'dicom') {
    return { format: 'png', bits: 8, size, loss: 'was a DICOM file: written as PNG.' };
  }
  if (format === 'jsrt' || channels > 1 || !isPlain(raster.data)) {
    const kept = format === 'tiff' ? 'tiff' : 'png';
    return { format: kept, bits, size, loss: 'had other channels or numbers: written as grey.' };
  }
  if (format === 'gif') return { format, bits: 8, size, palette: palette ?? GREYS };
  const low = raster.bits as MaskStyle['bits'];
  const common = { size, ...(palette && { palette }), ...(whiteIsZero && { whiteIsZero }) };
  return format === 'png' ? { ...common, format, bits: low } : { ...common, format: 'tiff', bits };
}

/** A palette of greys, for GIF files that state none. */
const GREYS = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

/** The value of a full mask where no file shows one. */
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

/** The style of each folder's masks, learned once, and of each file. */
export class MaskStyles {
  readonly #folders = new Map<string, Promise<MaskStyle>>();

  /** How most masks in `folder` are written: by the first that is not empty. */
  ofFolder(folder: string): Promise<MaskStyle> {
    const known = this.#folders.get(folder) ?? this.#look(folder);
    this.#folders.set(folder, known);
    return known;
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
    // The size is the business of each file; a new mask has its image's.
    return style === null ? PLAIN_STYLE : { ...style, size: null };
  }

  /** How a mask that has no file yet is written; a NIfTI file lies in space as its image does. */
  async forNew(folder: string, imageFile: string): Promise<MaskStyle> {
    const style = await this.ofFolder(folder);
    if (style.nifti === undefined || formatOfName(imageFile) !== 'nifti') return style;
    const head = (await readRaster(imageFile)).raster.nifti?.head ?? style.nifti.head;
    return { ...style, nifti: { ...style.nifti, head } };
  }

  /** How the mask in `file` is written; an empty one does not show its value, its folder does. */
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

/** Encodes one number a pixel in a style's container. */
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
 * Encodes a mask as its dataset does.
 * @returns the file's bytes, and what could not be kept.
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
    ? `was corrected at ${mask.width} × ${mask.height} and written at its own ${width} × ${height}.`
    : undefined;
  return {
    bytes: await encodeValues({ width, height, data: plane }, style),
    notes: [style.loss, note],
  };
}
