/**
 * Encodes and decodes masks, and parts of masks that a stroke changed, as run lengths. Pixels go row by row;
 * runs of 0 and runs of 1 alternate. Each length is an unsigned LEB128 number. The first run is of 0; its
 * length is 0 if the first pixel is 1. Each decoded pixel is one byte, 0 or 1.
 */

/** A rectangle of a mask, in pixels. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Encodes a rectangle of a mask as runs. @param width width of the mask, in pixels */
export function encodeRect(mask: Uint8Array, width: number, box: Box): Uint8Array {
  const bytes: number[] = [];
  let value = 0;
  let length = 0;
  const put = (): void => {
    let rest = length;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    length = 0;
  };
  for (let y = box.y; y < box.y + box.height; y += 1) {
    const start = y * width + box.x;
    const row = mask.subarray(start, start + box.width);
    let at = 0;
    while (at < box.width) {
      const turn = row.indexOf(1 - value, at);
      if (turn < 0) {
        length += box.width - at;
        break;
      }
      length += turn - at;
      put();
      value = 1 - value;
      at = turn;
    }
  }
  put();
  return Uint8Array.from(bytes);
}

/** Encodes all pixels as runs. */
export function encodeRuns(pixels: Uint8Array): Uint8Array {
  const width = pixels.length;
  return encodeRect(pixels, width, { x: 0, y: 0, width, height: 1 });
}

/**
 * Calls `each` with the value, the start and the end of every run.
 * @throws Error unless the runs fill exactly `count` pixels
 */
function readRuns(
  runs: Uint8Array,
  count: number,
  each: (value: 0 | 1, from: number, to: number) => void,
): void {
  let at = 0;
  let value: 0 | 1 = 0;
  for (let index = 0; index < runs.length;) {
    let length = 0;
    let byte: number;
    let shift = 0;
    do {
      if (index >= runs.length || shift > 28) throw new Error('a run length is cut off');
      byte = runs[index++];
      length += (byte & 0x7f) * 2 ** shift;
      shift += 7;
    } while (byte & 0x80);
    if (at + length > count) throw new Error('the run lengths are too long');
    if (length > 0) each(value, at, at + length);
    at += length;
    value = value === 0 ? 1 : 0;
  }
  if (at !== count) throw new Error('the run lengths are too short');
}

/** Decodes runs. @throws Error unless they fill exactly `count` pixels */
export function decodeRuns(runs: Uint8Array, count: number): Uint8Array {
  const pixels = new Uint8Array(count);
  readRuns(runs, count, (value, from, to) => {
    if (value === 1) pixels.fill(1, from, to);
  });
  return pixels;
}

/**
 * Writes runs into a rectangle of a mask.
 * @param width width of the mask, in pixels
 * @throws Error unless the runs fill exactly the rectangle
 */
export function writeRuns(runs: Uint8Array, mask: Uint8Array, width: number, box: Box): void {
  readRuns(runs, box.width * box.height, (value, from, to) => {
    for (let at = from; at < to;) {
      const column = at % box.width;
      const length = Math.min(to - at, box.width - column);
      const start = (box.y + (at - column) / box.width) * width + box.x + column;
      mask.fill(value, start, start + length);
      at += length;
    }
  });
}
