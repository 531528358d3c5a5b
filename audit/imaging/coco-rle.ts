/**
 * Reads and writes COCO's run lengths: outside and inside pixels in turn, column by column from the left,
 * each column downwards. The first run is outside and may be 0. As text, a run is a sequence of
 * characters with six bits each: five bits of the number, lowest first, and a flag that more follow. From
 * the fourth run on, the text holds the difference to the run two before. Source: `rleEncode`,
 * `rleToString` and `rleFrString` of maskApi.c in cocoapi (P. Dollár, T.-Y. Lin, 2015; Simplified BSD
 * License).
 */
import type { Mask } from './types.ts';

/**
 * The runs do not fit their image. The message is the end of a sentence that starts with the name of a
 * file.
 */
export class WrongRuns extends Error {}

/** The code of `0`, the lowest character in the text. It stands for six bits of zero. */
const ZERO = 48;
/** Most characters of a run: 32 bits need seven groups of five bits. */
const MAX_GROUPS = 7;

/** Turns a mask into runs. */
export function cocoRuns({ width, data }: Mask): number[] {
  const runs: number[] = [];
  let value = 0;
  let run = 0;
  for (let x = 0; x < width; x += 1) {
    for (let at = x; at < data.length; at += width) {
      if (data[at] !== value) {
        runs.push(run);
        run = 0;
        value = data[at];
      }
      run += 1;
    }
  }
  runs.push(run);
  return runs;
}

/**
 * Adds the inside runs to a mask.
 * @throws WrongRuns if the runs have another number of pixels than the mask
 */
export function paintCocoRuns(runs: readonly number[], mask: Mask): void {
  const { width, height, data } = mask;
  checkRuns(runs, data.length);
  let at = 0;
  for (let i = 0; i < runs.length; i += 1) {
    const end = at + runs[i];
    if (i % 2 === 1) {
      let x = Math.floor(at / height);
      let y = at - x * height;
      for (; at < end; at += 1) {
        data[y * width + x] = 1;
        y += 1;
        if (y === height) [x, y] = [x + 1, 0];
      }
    }
    at = end;
  }
}

function checkRuns(runs: readonly number[], pixels: number): void {
  let sum = 0;
  for (const run of runs) {
    if (!Number.isInteger(run) || run < 0) throw new WrongRuns('has a run of an invalid length');
    sum += run;
  }
  if (sum !== pixels) {
    throw new WrongRuns(`has runs of ${sum} pixels in all, but its size is ${pixels} pixels`);
  }
}

/** Writes runs as COCO's text, which `cocoRunsOfText` reads. */
export function cocoRunsToText(runs: readonly number[]): string {
  const codes: number[] = [];
  for (let i = 0; i < runs.length; i += 1) {
    let rest = i > 2 ? runs[i] - runs[i - 2] : runs[i];
    for (let more = true; more;) {
      const group = rest & 31;
      rest >>= 5;
      more = (group & 16) !== 0 ? rest !== -1 : rest !== 0;
      codes.push(ZERO + (more ? group | 32 : group));
    }
  }
  return Buffer.from(codes).toString('latin1');
}

/** Reads COCO's text. @throws WrongRuns if the text is invalid */
export function cocoRunsOfText(text: string): number[] {
  const runs: number[] = [];
  for (let p = 0; p < text.length;) {
    let value = 0;
    let groups = 0;
    for (let more = true; more; p += 1) {
      const code = text.charCodeAt(p) - ZERO;
      if (!(code >= 0 && code < 64) || groups === MAX_GROUPS) {
        throw new WrongRuns('has run lengths that are not written as in COCO');
      }
      value += (code & 31) * 32 ** groups;
      groups += 1;
      more = (code & 32) !== 0;
      if (!more && (code & 16) !== 0) value -= 32 ** groups;
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  return runs;
}
