/**
 * Run lengths as COCO has them: outside and inside pixels in turn, the first run outside (it may be
 * 0), counted down the columns, column by column from the left. As text: six bits a character,
 * little-endian groups of five with a flag for more, each run from the third on as its difference to
 * the one before the last.
 * Source: `rleEncode`, `rleToString` and `rleFrString` of maskApi.c in cocoapi (P. Dollár, T.-Y. Lin,
 * 2015; Simplified BSD License).
 */
import type { Mask } from './types.ts';

/** Runs that are not of the image they are said to be of. The message goes on where a name ends. */
export class WrongRuns extends Error {}

/** First character of the text's alphabet, `0`. */
const ZERO = 48;
/** Groups of five bits in a run: what 32 bits need. */
const MAX_GROUPS = 7;

/** The runs of a mask. */
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
 * Draws the inside runs into a mask; what is drawn there already stays.
 * @throws WrongRuns when they are not as many pixels as the mask has.
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
    if (!Number.isInteger(run) || run < 0) throw new WrongRuns('has a run that is no length');
    sum += run;
  }
  if (sum !== pixels) {
    throw new WrongRuns(`has runs of ${sum} pixels in all, where its size makes ${pixels}`);
  }
}

/** The runs as text. */
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

/** @throws WrongRuns when the text is none of runs. */
export function cocoRunsOfText(text: string): number[] {
  const runs: number[] = [];
  for (let p = 0; p < text.length;) {
    let value = 0;
    let groups = 0;
    for (let more = true; more; p += 1) {
      const code = text.charCodeAt(p) - ZERO;
      if (!(code >= 0 && code < 64) || groups === MAX_GROUPS) {
        throw new WrongRuns('has run lengths that are not as COCO writes them');
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
