/** The arithmetic of the stroke journal: run lengths, and strokes applied to a mask. Pure. */
import type { Mask } from '../imaging/types.ts';
import type { Stroke } from './types.ts';

/** Codes pixels (0 or 1) as `Stroke.before` does. */
export function encodeRuns(pixels: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  const put = (length: number): void => {
    let rest = length;
    while (rest > 0x7f) {
      bytes.push((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes.push(rest);
  };
  let value = 0;
  let length = 0;
  for (const pixel of pixels) {
    if (pixel !== value) {
      put(length);
      value = pixel;
      length = 0;
    }
    length++;
  }
  put(length);
  return Uint8Array.from(bytes);
}

/** @throws Error where the runs do not fill exactly `count` pixels. */
export function decodeRuns(runs: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count);
  let at = 0;
  let value = 0;
  let index = 0;
  while (index < runs.length) {
    let length = 0;
    let shift = 0;
    let byte: number;
    do {
      if (index >= runs.length || shift > 28) throw new Error('a run of a stroke is cut off');
      byte = runs[index++];
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    if (at + length > count) throw new Error('the runs of a stroke are too long');
    if (value === 1) pixels.fill(1, at, at + length);
    at += length;
    value ^= 1;
  }
  if (at !== count) throw new Error('the runs of a stroke are too short');
  return pixels;
}

/** The stroke that turns `before` into `after` within a rectangle. */
export function makeStroke(
  before: Mask,
  after: Mask,
  box: { x: number; y: number; width: number; height: number },
): Stroke {
  return { ...box, before: encodeRuns(crop(before, box)), after: encodeRuns(crop(after, box)) };
}

function crop(
  mask: Mask,
  box: { x: number; y: number; width: number; height: number },
): Uint8Array {
  const pixels = new Uint8Array(box.width * box.height);
  for (let row = 0; row < box.height; row++) {
    const start = (box.y + row) * mask.width + box.x;
    pixels.set(mask.data.subarray(start, start + box.width), row * box.width);
  }
  return pixels;
}

/** @throws Error where the rectangle leaves the image or the runs do not fill it. */
export function checkStroke(stroke: Stroke, size: { width: number; height: number }): void {
  const { x, y, width, height } = stroke;
  const whole = [x, y, width, height].every(Number.isInteger);
  const inside =
    x >= 0 &&
    y >= 0 &&
    width > 0 &&
    height > 0 &&
    x + width <= size.width &&
    y + height <= size.height;
  if (!whole || !inside) throw new Error('a stroke leaves the image');
  decodeRuns(stroke.before, width * height);
  decodeRuns(stroke.after, width * height);
}

/**
 * The mask after the strokes, in order.
 * @throws Error where a stroke's `before` is not what is there: the journal is of another mask.
 */
export function applyStrokes(mask: Mask, strokes: readonly Stroke[]): Mask {
  const data = Uint8Array.from(mask.data);
  for (const stroke of strokes) {
    checkStroke(stroke, mask);
    const count = stroke.width * stroke.height;
    const before = decodeRuns(stroke.before, count);
    const after = decodeRuns(stroke.after, count);
    for (let row = 0; row < stroke.height; row++) {
      const start = (stroke.y + row) * mask.width + stroke.x;
      for (let column = 0; column < stroke.width; column++) {
        const at = row * stroke.width + column;
        if (data[start + column] !== before[at]) {
          throw new Error('a stroke does not fit the mask it was drawn on');
        }
        data[start + column] = after[at];
      }
    }
  }
  return { width: mask.width, height: mask.height, data };
}
