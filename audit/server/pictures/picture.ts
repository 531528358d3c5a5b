/**
 * Draws small pictures for people: the image under an automatic window, labels as outlines over a
 * faint fill, proposals as dashed lines.
 */
import { encode } from 'fast-png';
import { resampleImage, resampleMask } from '../../imaging/resample.ts';
import type { GreyImage, Mask } from '../../imaging/types.ts';
import { windowed } from '../../imaging/window.ts';

export interface Outline {
  readonly mask: Mask;
  /** `#rrggbb`. */
  readonly colour: string;
  /** A dashed outline has no fill. */
  readonly dashed: boolean;
}

/** Opacity of the fill, 0 … 1. */
const FILL = 0.14;
/** Opacity of a solid line, 0 … 1. */
const LINE = 0.95;
/** If a picture’s longer side has at least so many pixels, the outlines of labels are two pixels wide. */
const LARGE = 512;

/** The size of an image shrunk to a longer side of `size` pixels; a smaller image keeps its size. */
export function fittedSize(
  image: { width: number; height: number },
  size: number,
): { width: number; height: number } {
  const scale = Math.min(1, size / Math.max(image.width, image.height));
  return {
    width: Math.max(1, Math.round(image.width * scale)),
    height: Math.max(1, Math.round(image.height * scale)),
  };
}

/** The mask without its pixels that touch a pixel outside of the mask, or the border of the picture. */
function peeled({ width, height, data }: Mask): Mask {
  const inner = new Uint8Array(data.length);
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      const around = data[i - 1] + data[i + 1] + data[i - width] + data[i + width];
      if (around === 4) inner[i] = 1;
    }
  }
  return { width, height, data: inner };
}

/** The outline of a mask: 1 for the mask's pixels along its boundary, `thickness` pixels wide. */
function outlineOf(mask: Mask, thickness = 1): Uint8Array {
  let inner = mask;
  for (let step = 0; step < thickness; step += 1) inner = peeled(inner);
  return mask.data.map((value, i) => value - inner.data[i]);
}

function rgb(colour: string): readonly [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @returns a PNG with a longer side of `size` pixels; a smaller image is enlarged */
export function drawPicture(
  image: GreyImage,
  outlines: readonly Outline[],
  size: number,
): Uint8Array {
  const scale = size / Math.max(image.width, image.height);
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const grey = windowed(resampleImage(image, width, height));
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < grey.length; i += 1) {
    data.fill(grey[i], i * 3, i * 3 + 3);
  }
  const blend = (i: number, colour: readonly [number, number, number], alpha: number): void => {
    for (let c = 0; c < 3; c += 1) {
      data[i * 3 + c] = data[i * 3 + c] * (1 - alpha) + colour[c] * alpha;
    }
  };
  const thickness = size >= LARGE ? 2 : 1;
  const onDash = (i: number): boolean => {
    const along = ((i % width) + Math.floor(i / width)) / thickness;
    return along % 9 < 5;
  };
  for (const { mask, colour, dashed } of outlines) {
    const small = resampleMask(mask, width, height);
    const line = outlineOf(small, thickness);
    const paint = rgb(colour);
    for (let i = 0; i < line.length; i += 1) {
      if (small.data[i] === 0) continue;
      if (dashed) {
        if (line[i] && onDash(i)) blend(i, paint, 0.9);
      } else {
        blend(i, paint, line[i] ? LINE : FILL);
      }
    }
  }
  return encode({ width, height, data, channels: 3, depth: 8 });
}
