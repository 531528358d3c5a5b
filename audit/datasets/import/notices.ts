/** Makes the notices of an import, and groups them for people. Pure. */
import { counted, integer } from '../../contract/words.ts';
import { oneLine } from '../../errors.ts';
import type { ImportNotice } from '../../contract/terms.ts';

export function leftOut(file: string, reason: string): ImportNotice {
  return { kind: 'left-out', file: oneLine(file), reason: oneLine(reason) };
}

/** One notice made of several sentences about a file, or undefined if all of them are undefined. */
export function changed(
  file: string,
  notes: readonly (string | undefined)[],
): ImportNotice | undefined {
  const sentences = notes.filter((note) => note !== undefined);
  if (sentences.length === 0) return undefined;
  const reason = sentences
    .map((note, index) => (index + 1 < sentences.length ? note.replace(/\.$/, '') : note))
    .join('; ');
  return { kind: 'changed', file: oneLine(file), reason: oneLine(reason) };
}

/** A group of notices with the same kind and the same reason. */
export interface NoticeGroup {
  readonly kind: ImportNotice['kind'];
  readonly reason: string;
  readonly count: number;
  /** The first few files. */
  readonly files: readonly string[];
}

/**
 * Finds the number of pixels in a reason, as `counted` writes it. This number may differ from file to
 * file.
 */
const PIXELS = /([\d,]+) pixels?\b/;

/** The number of pixels that a reason states; 0 if it states none. */
function pixelsIn(reason: string): number {
  return Number((PIXELS.exec(reason)?.[1] ?? '0').replaceAll(',', ''));
}

/** The reason of a group. If its notices state different numbers of pixels, the reason states their range. */
function ranged(reason: string, low: number, high: number): string {
  return low < high
    ? reason.replace(PIXELS, `${integer(low)} to ${counted(high, 'pixel')}`)
    : reason;
}

/**
 * Groups notices by kind and reason, so that ten thousand resampled masks are one line. Notices whose
 * reasons differ only in a number of pixels are one group. Groups of left-out files come before groups of
 * changed files; within a kind, the largest group comes first.
 */
export function summariseNotices(notices: Iterable<ImportNotice>, examples = 3): NoticeGroup[] {
  const groups = new Map<
    string,
    {
      kind: ImportNotice['kind'];
      reason: string;
      count: number;
      files: string[];
      low: number;
      high: number;
    }
  >();
  for (const { kind, file, reason } of notices) {
    const pixels = pixelsIn(reason);
    const key = `${kind}\n${reason.replace(PIXELS, 'pixels')}`;
    const first = { kind, reason, count: 0, files: [], low: pixels, high: pixels };
    const group = groups.get(key) ?? first;
    group.count += 1;
    group.low = Math.min(group.low, pixels);
    group.high = Math.max(group.high, pixels);
    if (group.files.length < examples) group.files.push(file);
    groups.set(key, group);
  }
  const order = (group: NoticeGroup) => (group.kind === 'left-out' ? 0 : 1);
  return [...groups.values()]
    .map(({ low, high, reason, ...group }) => ({ ...group, reason: ranged(reason, low, high) }))
    .sort((a, b) => order(a) - order(b) || b.count - a.count);
}
