/** Notices of an import: made in one way, and summed up for people. Pure. */
import { oneLine } from '../../errors.ts';
import type { ImportNotice } from '../../contract/terms.ts';

export function leftOut(file: string, reason: string): ImportNotice {
  return { kind: 'left-out', file: oneLine(file), reason: oneLine(reason) };
}

/** One notice of several sentences about one file; undefined when there is nothing to say. */
export function changed(
  file: string,
  notes: readonly (string | undefined)[],
): ImportNotice | undefined {
  const said = notes.filter((note) => note !== undefined);
  if (said.length === 0) return undefined;
  const reason = said
    .map((note, index) => (index + 1 < said.length ? note.replace(/\.$/, '') : note))
    .join('; ');
  return { kind: 'changed', file: oneLine(file), reason: oneLine(reason) };
}

/** Notices of one kind and reason, counted. */
export interface NoticeGroup {
  readonly kind: ImportNotice['kind'];
  readonly reason: string;
  readonly count: number;
  /** The first few files. */
  readonly files: readonly string[];
}

/** A number of pixels, in a notice of which there may be one for every file. */
const PIXELS = /\d+(?= pixels?\b)/;

/** What notices alike say, with their numbers of pixels from the least to the most. */
function ranged(reason: string, low: number, high: number): string {
  return low < high ? reason.replace(/\d+ pixels?\b/, `${low} to ${high} pixels`) : reason;
}

/**
 * Groups notices by what they say, numbers of pixels apart, the left-out ones first, then by count:
 * ten thousand resampled masks are one line. Every file stays findable in the notices themselves.
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
    const pixels = Number(PIXELS.exec(reason)?.[0] ?? 0);
    const key = `${kind}\n${reason.replace(/\d+ pixels?\b/, 'pixels')}`;
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
