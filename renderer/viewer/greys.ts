/** Parts of an image as pixels of a canvas. Pure. */
import type { Window } from '../case/types.ts';

interface Samples {
  readonly samples: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
}

/** A part of an image in whole pixels; it may reach beyond the image, where it is black. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Red, green, blue and opacity of the part's pixels through a window. */
export function greysOf(
  image: Samples,
  part: Part,
  window: Window,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(part.width * part.height * 4);
  const { low, high, invert } = window;
  const scale = 255 / (high - low);
  for (let row = 0, at = 0; row < part.height; row += 1) {
    const y = part.y + row;
    for (let column = 0; column < part.width; column += 1, at += 4) {
      const x = part.x + column;
      const inside = x >= 0 && y >= 0 && x < image.width && y < image.height;
      const share = inside ? (image.samples[y * image.width + x] - low) * scale : NaN;
      const grey = Number.isNaN(share) ? 0 : Math.max(0, Math.min(255, share));
      pixels.fill(inside && invert ? 255 - grey : grey, at, at + 3);
      pixels[at + 3] = 255;
    }
  }
  return pixels;
}
