/** Replaces pieces of a text and leaves every other character as it is. Pure. */

/** Characters (or bytes) from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A replacement: `text` takes the place of the span. */
export interface Splice extends Span {
  readonly text: string;
}

/** Applies the splices, which must not overlap. */
export function spliceText(text: string, splices: readonly Splice[]): string {
  let at = 0;
  const parts: string[] = [];
  for (const { start, end, text: instead } of [...splices].sort((a, b) => a.start - b.start)) {
    parts.push(text.slice(at, start), instead);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
