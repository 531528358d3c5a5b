/**
 * Edits JSON text: replaces only the edited values and leaves every other byte as it was. The text must
 * be valid JSON.
 */
import type { Span, Splice } from '../tree/splice.ts';
import { openRegular } from '../../regular.ts';

/** The positions of a list's entries in a JSON text. */
export interface ListSpans {
  /** The position behind `[`. */
  readonly inner: number;
  readonly entries: readonly Span[];
}

const BLANK = /[ \t\r\n]*/y;

function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(text);
  return BLANK.lastIndex;
}

/** The position behind the value that begins at `at`. */
function skipValue(text: string, at: number): number {
  if (text[at] === '"') {
    let end = at + 1;
    while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    return end + 1;
  }
  if (text[at] !== '{' && text[at] !== '[') {
    let end = at;
    while (end < text.length && !/[,\]} \t\r\n]/.test(text[end])) end += 1;
    return end;
  }
  let depth = 0;
  for (let end = at; ; end += 1) {
    const c = text[end];
    if (c === '"') end = skipValue(text, end) - 1;
    else if (c === '{' || c === '[') depth += 1;
    else if (c === '}' || c === ']') {
      depth -= 1;
      if (depth === 0) return end + 1;
    }
  }
}

/** The span of each value of the object at `start`, by its key. If a key occurs twice, the last counts. */
export function memberSpans(text: string, start = 0): Map<string, Span> {
  const found = new Map<string, Span>();
  let at = skipBlank(text, skipBlank(text, start) + 1);
  while (text[at] !== '}') {
    const keyEnd = skipValue(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const value = skipBlank(text, skipBlank(text, keyEnd) + 1);
    const end = skipValue(text, value);
    found.set(key, { start: value, end });
    at = skipBlank(text, end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return found;
}

/** The span of each entry of the list at `start`. */
export function entrySpans(text: string, start: number): ListSpans {
  const entries: Span[] = [];
  const inner = skipBlank(text, start) + 1;
  let at = skipBlank(text, inner);
  while (text[at] !== ']') {
    const end = skipValue(text, at);
    entries.push({ start: at, end });
    at = skipBlank(text, end);
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return { inner, entries };
}

/** Changes of a list. */
export interface ListEdit {
  /** The new text of each changed entry, by its index; null removes the entry. */
  readonly changed: ReadonlyMap<number, string | null>;
  /** The texts of new entries, which go behind the last. */
  readonly added: readonly string[];
  /** The separator before each new entry: a comma and the file's own white space. */
  readonly gap: string;
}

/** The splices that edit a list. A removed entry takes one comma with it. */
export function listSplices({ inner, entries }: ListSpans, edit: ListEdit): Splice[] {
  const { changed, added, gap } = edit;
  const splices: Splice[] = [];
  let kept = -1;
  entries.forEach(({ start, end }, index) => {
    const text = changed.get(index);
    if (text === null) return;
    if (index > kept + 1) {
      if (kept < 0) splices.push({ start: entries[0].start, end: start, text: '' });
      else splices.push({ start: entries[kept].end, end: entries[index - 1].end, text: '' });
    }
    if (text !== undefined) splices.push({ start, end, text });
    kept = index;
  });
  const last = entries.length - 1;
  const lead = kept >= 0 && added.length > 0 ? gap : '';
  const tail = `${lead}${added.join(gap)}`;
  if (kept < last || tail !== '') {
    const start = kept >= 0 ? entries[kept].end : (entries[0]?.start ?? inner);
    splices.push({ start, end: entries[last]?.end ?? inner, text: tail });
  }
  return splices;
}

/**
 * The span whose text shows how the file separates entries: the span between the first two entries, or,
 * in a shorter list, the white space before the first entry.
 */
export function gapSpan({ inner, entries }: ListSpans): Span {
  if (entries.length >= 2) return { start: entries[0].end, end: entries[1].start };
  return { start: inner, end: entries[0]?.start ?? inner };
}

/**
 * The text that separates two entries.
 * @param gap the text at `gapSpan`
 */
export function separatorOf({ entries }: ListSpans, gap: string): string {
  return entries.length >= 2 ? gap : `,${gap}`;
}

const CHUNK = 1024 * 1024;

/**
 * Yields the bytes of a file with the splices applied. The splices must be in order, with positions in
 * bytes.
 */
export async function* spliceFile(
  path: string,
  splices: readonly Splice[],
): AsyncGenerator<Buffer | string> {
  const file = await openRegular(path);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let at = 0;
    async function* until(end: number): AsyncGenerator<Buffer> {
      while (at < end) {
        const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK, end - at), at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield Buffer.from(buffer.subarray(0, bytesRead));
      }
    }
    for (const { start, end, text } of splices) {
      yield* until(start);
      yield text;
      at = end;
    }
    yield* until(Infinity);
  } finally {
    await file.close();
  }
}
