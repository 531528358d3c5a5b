/**
 * Changes to JSON text that leave every other byte as it was: a few places are replaced, the rest is
 * never parsed and written anew. The text must be valid JSON already.
 */
import { open } from 'node:fs/promises';
import type { Splice } from '../tree/splice.ts';

/** Where a value lies. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** The entries of a list and where its brackets stand. */
export interface ListPlaces {
  /** Behind `[`. */
  readonly inner: number;
  readonly entries: readonly Place[];
}

const BLANK = /[ \t\r\n]*/y;

function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.test(text);
  return BLANK.lastIndex;
}

/** Behind the value that begins at `at`. */
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

/** Where each value of the object at `start` lies; of a key that is there twice the last counts. */
export function memberPlaces(text: string, start = 0): Map<string, Place> {
  const found = new Map<string, Place>();
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

/** Where each entry of the list at `start` lies. */
export function entryPlaces(text: string, start: number): ListPlaces {
  const entries: Place[] = [];
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

/** What becomes of a list. */
export interface ListEdit {
  /** New text of an entry by its place; null takes it out. */
  readonly changed: ReadonlyMap<number, string | null>;
  /** New entries, behind the last. */
  readonly added: readonly string[];
  /** What stands between two entries, for the new ones: a comma and the file's own white space. */
  readonly gap: string;
}

/** The splices of an edited list: a comma goes with the entry that is taken out. */
export function listSplices({ inner, entries }: ListPlaces, edit: ListEdit): Splice[] {
  const { changed, added, gap } = edit;
  const splices: Splice[] = [];
  let kept = -1;
  entries.forEach(({ start, end }, place) => {
    const text = changed.get(place);
    if (text === null) return;
    if (place > kept + 1) {
      if (kept < 0) splices.push({ start: entries[0].start, end: start, text: '' });
      else splices.push({ start: entries[kept].end, end: entries[place - 1].end, text: '' });
    }
    if (text !== undefined) splices.push({ start, end, text });
    kept = place;
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

/** Where the text between the first two entries stands; of fewer: the white space before the first. */
export function gapPlace({ inner, entries }: ListPlaces): Place {
  if (entries.length >= 2) return { start: entries[0].end, end: entries[1].start };
  return { start: inner, end: entries[0]?.start ?? inner };
}

/** What separates entries, of the text at `gapPlace`. */
export function separatorOf({ entries }: ListPlaces, gap: string): string {
  return entries.length >= 2 ? gap : `,${gap}`;
}

const CHUNK = 1024 * 1024;

/** The bytes of a file with its splices, which must be in order, piece by piece; places are bytes. */
export async function* spliceFile(
  path: string,
  splices: readonly Splice[],
): AsyncGenerator<Buffer | string> {
  const file = await open(path, 'r');
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
