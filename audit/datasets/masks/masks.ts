/**
 * Turns decoded mask files into masks: binary files, and multi-valued files with a value per structure.
 * Pure.
 */
import { counted } from '../../contract/words.ts';
import { resampleMask } from '../../imaging/resample.ts';
import type { Mask } from '../../imaging/types.ts';
import { luma, paletteLuma } from '../../codecs/grey.ts';
import { CodecError, isPlain } from '../../codecs/raster.ts';
import type { Raster } from '../../codecs/raster.ts';

/**
 * One number per pixel, as the mask file holds it. If all pages of the file were read, `data` holds them
 * one after another.
 */
export interface Values {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * A mask with more than two and at most this many values, all smaller than `SMALL_VALUE`, counts as
 * multi-valued.
 */
const FEW_VALUES = 12;
const SMALL_VALUE = 32;
/** How far the aspects (width / height) of a mask and its image may differ: by one per cent. */
const ASPECT_TOLERANCE = 0.01;

/**
 * How far a number in a mask may lie from a whole number, as a share of it: a stored slope of 32 bits gives
 * 1.00000006 for 1.
 */
const ROUNDING = 1e-5;

/** The distinct values of a plane, ascending. */
export function distinct(data: Uint8Array | Uint16Array): number[] {
  const seen = new Uint8Array(data instanceof Uint8Array ? 256 : 65536);
  for (let i = 0; i < data.length; i += 1) seen[data[i]] = 1;
  const values: number[] = [];
  seen.forEach((flag, value) => {
    if (flag === 1) values.push(value);
  });
  return values;
}

function onePlane(raster: Raster): Values {
  const { width, height, channels, data } = raster;
  if (isPlain(data)) {
    if (channels === 1) return { width, height, data };
    const plane =
      data instanceof Uint8Array ? new Uint8Array(width * height) : new Uint16Array(width * height);
    for (let i = 0, at = 0; i < plane.length; i += 1, at += channels) {
      plane[i] =
        channels < 3 || (data[at] === data[at + 1] && data[at] === data[at + 2])
          ? data[at]
          : Math.round(luma(data[at], data[at + 1], data[at + 2]));
    }
    return { width, height, data: plane };
  }
  if (channels > 1) throw new CodecError('has several channels of numbers: save it as one plane.');
  const whole = new Uint16Array(width * height);
  data.forEach((value, i) => {
    if (!Number.isFinite(value)) {
      throw new CodecError(
        'holds pixels that are not numbers (NaN or infinite): repair or remove it.',
      );
    }
    const number = Math.round(value);
    if (Math.abs(value - number) > ROUNDING * Math.max(1, Math.abs(value))) {
      throw new CodecError(
        `holds fractions such as ${Number(value.toPrecision(6))}, which a mask may not: round them.`,
      );
    }
    if (number < 0 || number > 65535) {
      throw new CodecError(
        `holds the value ${number}, but a mask may only hold values from 0 to 65535: change it.`,
      );
    }
    whole[i] = number;
  });
  return { width, height, data: whole };
}

/** The grey values of a binary mask file. Palette colours become their brightness. */
function brightness(raster: Raster): Values {
  const plane = onePlane(raster);
  if (raster.palette === undefined) return plane;
  const table = paletteLuma(raster.palette);
  const used = distinct(plane.data);
  // If two of the colours have the same brightness, the brightness cannot tell them apart, so the palette
  // indices are used.
  if (new Set(used.map((index) => table[index])).size < used.length) return plane;
  const data = new Uint8Array(plane.data.length);
  for (let i = 0; i < data.length; i += 1) data[i] = table[plane.data[i]];
  return { ...plane, data };
}

/** The alpha channel as a grey picture if only this channel varies, else null. */
function alphaAlone(raster: Raster): Raster | null {
  const { width, height, channels, data } = raster;
  if (!isPlain(data) || (channels !== 2 && channels !== 4)) return null;
  const alpha = data.filter((_, i) => i % channels === channels - 1);
  const isOneColour = data.every((value, i) => {
    const channel = i % channels;
    return channel === channels - 1 || value === data[channel];
  });
  if (!isOneColour || alpha.every((value) => value === alpha[0])) return null;
  const { format, bits } = raster;
  return { format, width, height, bits, channels: 1, data: alpha };
}

/**
 * The mask of a binary file. If the file has two values, the larger is inside. If it has one value, all
 * pixels are inside, or none if the value is 0. If it has more values, those of at least half the largest
 * are inside, and `note` says so. If only the alpha channel varies, the mask is made from it.
 * @throws CodecError when the file looks like a multi-valued mask.
 */
export function binaryMask(raster: Raster): { mask: Mask; note?: string } {
  const alpha = alphaAlone(raster);
  if (alpha !== null) {
    const { mask, note } = binaryMask(alpha);
    const taken = 'has one colour and its shape in the alpha channel: taken from there';
    return { mask, note: note === undefined ? `${taken}.` : `${taken}; ${note}` };
  }
  return cutValues(brightness(raster));
}

/**
 * Turns the values of a binary file into a mask by the rules of `binaryMask`.
 * @param page the page of the values, counted from 0, for messages; null if structures are not stored as
 *   pages
 * @throws CodecError when the values look like a multi-valued mask.
 */
export function cutValues(
  { width, height, data }: Values,
  page: number | null = null,
): { mask: Mask; note?: string } {
  const values = distinct(data);
  const place = page === null ? '' : ` on page ${page}`;
  const high = values[values.length - 1];
  if (values.length <= 2) {
    const low = values.length === 2 ? values[0] : 0;
    const inside = new Uint8Array(data.length);
    for (let i = 0; i < data.length; i += 1) inside[i] = data[i] > low ? 1 : 0;
    return { mask: { width, height, data: inside } };
  }
  if (values.length <= FEW_VALUES && high < SMALL_VALUE) {
    const advice = page === null ? ', import it with a legend' : ', and a page is one structure';
    throw new CodecError(
      `holds the values ${values.join(', ')}${place}, not two: it looks like a multi-valued mask${advice}.`,
    );
  }
  const inside = new Uint8Array(data.length);
  let between = 0;
  for (let i = 0; i < data.length; i += 1) {
    inside[i] = data[i] * 2 >= high ? 1 : 0;
    if (data[i] !== values[0] && data[i] !== high) between += 1;
  }
  return {
    mask: { width, height, data: inside },
    note: `has ${counted(between, 'pixel')} between inside and outside${place}: cut at half of the maximum.`,
  };
}

/**
 * The values of a multi-valued mask: palette indices, or grey values as stored.
 * @throws CodecError when the file is a colour picture.
 */
export function labelValues(raster: Raster): Values {
  if (raster.channels >= 3) {
    const plane = onePlane(raster);
    const { channels, data } = raster;
    for (let i = 0; i < plane.data.length; i += 1) {
      const at = i * channels;
      if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) {
        throw new CodecError(
          'is a colour picture: a multi-valued mask needs one number per pixel.',
        );
      }
    }
    return plane;
  }
  return onePlane(raster);
}

/** The mask of the pixels that have one value. */
export function maskOfValue(values: Values, value: number): Mask {
  const data = new Uint8Array(values.data.length);
  for (let i = 0; i < data.length; i += 1) data[i] = values.data[i] === value ? 1 : 0;
  return { width: values.width, height: values.height, data };
}

/**
 * The mask at its image's size. A mask of another size but the same aspect (within 1 %) is resampled.
 * @throws CodecError when the aspects differ.
 */
export function fitToImage(
  mask: Mask,
  image: { width: number; height: number },
): { mask: Mask; note?: string } {
  const { width, height } = image;
  if (mask.width === width && mask.height === height) return { mask };
  const sizes = `${mask.width} × ${mask.height} pixels, its image ${width} × ${height}`;
  const aspect = mask.width / mask.height / (width / height);
  if (Math.abs(aspect - 1) > ASPECT_TOLERANCE) {
    throw new CodecError(
      `is ${sizes}, which is another aspect ratio: give a mask of ${width} × ${height}, or of the same aspect ratio.`,
    );
  }
  return {
    mask: resampleMask(mask, width, height),
    note: `is ${mask.width} × ${mask.height}, its image ${width} × ${height}: resampled.`,
  };
}
