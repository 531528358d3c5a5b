/** Converts decoded files (with palettes, colours or floating-point samples) to one grey plane. Pure. */
import type { GreyImage } from '../imaging/types.ts';
import { CodecError, isPlain } from './raster.ts';
import type { Raster, Samples } from './raster.ts';

/** The brightness (luma) of a colour by ITU-R BT.601. */
export function luma(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** The luma (0 … 255) of 256 palette entries. Missing entries are black. */
export function paletteLuma(palette: Uint8Array): Uint8Array {
  const grey = new Uint8Array(256);
  for (let i = 0; i * 3 + 2 < palette.length && i < 256; i += 1) {
    grey[i] = Math.round(luma(palette[i * 3], palette[i * 3 + 1], palette[i * 3 + 2]));
  }
  return grey;
}

function isGreyPalette(palette: Uint8Array): boolean {
  for (let i = 0; i + 2 < palette.length; i += 3) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  }
  return true;
}

interface Grey {
  readonly data: Uint8Array | Uint16Array;
  readonly bits: number;
  /** What the conversion changed: the rest of a sentence that begins with the file's name. */
  readonly note?: string;
}

/**
 * Converts signed or floating-point samples to 16 bits. Whole numbers from 0 to 65535 are kept. Other
 * integers (Int32Array) whose range fits into 16 bits are shifted, so that the smallest is 0. All other
 * numbers are scaled, so that the smallest is 0 and the largest 65535.
 */
function fromNumbers(data: Samples): Grey {
  let low = Infinity;
  let high = -Infinity;
  let whole = true;
  for (const value of data) {
    if (!Number.isFinite(value)) {
      throw new CodecError(
        'holds pixels that are not numbers (NaN or infinite): repair or remove it.',
      );
    }
    if (value < low) low = value;
    if (value > high) high = value;
    whole &&= Number.isInteger(value);
  }
  const real = !(data instanceof Int32Array);
  if (whole && low >= 0 && high <= 65535) {
    const note = real ? 'has whole numbers in floating point: taken as they are.' : undefined;
    return { data: Uint16Array.from(data), bits: 16, ...(note !== undefined && { note }) };
  }
  if (!real && high - low <= 65535) {
    const note = 'has negative pixels: all were shifted, so that the smallest is 0.';
    return { data: Uint16Array.from(data, (value) => value - low), bits: 16, note };
  }
  const scale = high > low ? 65535 / (high - low) : 0;
  const grey = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i += 1) grey[i] = Math.round((data[i] - low) * scale);
  const kind = real ? 'floating-point pixels' : 'numbers of more than 16 bits';
  return { data: grey, bits: 16, note: `has ${kind}, which were scaled to 16 bits.` };
}

function fromColour(raster: Raster, data: Uint8Array | Uint16Array): Grey {
  const { channels, bits } = raster;
  const pixels = raster.width * raster.height;
  const grey = bits === 16 ? new Uint16Array(pixels) : new Uint8Array(pixels);
  let coloured = false;
  for (let i = 0, at = 0; i < pixels; i += 1, at += channels) {
    const red = data[at];
    if (channels < 3) {
      grey[i] = red;
      continue;
    }
    const green = data[at + 1];
    const blue = data[at + 2];
    if (red === green && red === blue) {
      grey[i] = red;
    } else {
      coloured = true;
      grey[i] = Math.round(luma(red, green, blue));
    }
  }
  const note = coloured
    ? 'is in colour: converted to grey by luma.'
    : channels < 3
      ? 'has an alpha channel, which was left out.'
      : 'is a colour file whose pixels are all grey: read as grey.';
  return { data: grey, bits, note };
}

function toPlane(raster: Raster): Grey {
  const { data, palette } = raster;
  if (!isPlain(data)) {
    if (raster.channels !== 1) {
      throw new CodecError('is a colour file of signed or floating-point pixels: save it as PNG.');
    }
    return fromNumbers(data);
  }
  if (palette !== undefined) {
    const table = paletteLuma(palette);
    const grey = new Uint8Array(data.length);
    for (let i = 0; i < grey.length; i += 1) grey[i] = table[data[i]];
    if (isGreyPalette(palette)) return { data: grey, bits: 8 };
    return { data: grey, bits: 8, note: 'is in colour: converted to grey by luma.' };
  }
  if (raster.channels > 1) return fromColour(raster, data);
  return { data, bits: raster.bits };
}

/**
 * Converts a decoded file to a grey radiograph; `note` says what the conversion changed.
 * @throws CodecError when a pixel is not a number, or the file has colours of signed or real numbers.
 */
export function toGrey(raster: Raster): { image: GreyImage; note?: string } {
  const { data, bits, note } = toPlane(raster);
  const { width, height, spacing, grid, windows } = raster;
  const about = {
    ...(spacing && { spacing }),
    ...(grid && { grid }),
    ...(windows && { windows }),
  };
  const image: GreyImage = { width, height, bits, data, ...about };
  return note === undefined ? { image } : { image, note };
}
