/**
 * Finds the positions of the entries in a large JSON file. It reads the file once, in pieces, and holds
 * one entry in memory at a time.
 *
 * A streaming parser from npm would yield values without their positions. An export needs the positions,
 * because it must keep every byte that was not corrected. `JSON.parse` still parses the entries; this
 * scanner only finds their ends.
 */
import { UserError } from '../../errors.ts';
import { openRegular } from '../../regular.ts';
import { whyNoJson } from './not-json.ts';
import type { Steps } from '../import/steps.ts';

/**
 * An entry of an array, the end of an array, or another value. The array is the whole file, or the value
 * of a key in the top-level object.
 */
export interface JsonSpan {
  /** The key in the top-level object, or null if the file itself is an array. */
  readonly key: string | null;
  /** Index in the array; null for a value that is not an array; −1 for the end of an array. */
  readonly index: number | null;
  /**
   * The span in bytes from the start of the file. For the end of an array, it is the span between the
   * brackets.
   */
  readonly start: number;
  readonly end: number;
  /** The entry's text, valid until the next span is read; empty for the end of an array. */
  readonly bytes: Buffer;
}

const CHUNK = 1024 * 1024;
/** The largest entry in bytes. */
const MAX_ENTRY = 64 * 1024 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const isBlank = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
/** Whether a byte ends a number, `true`, `false` or `null`. */
const endsScalar = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT || isBlank(byte);

/** The part of the file that the scanner expects next, while it is outside of entries and keys. */
type Expected =
  | 'top'
  | 'first key'
  | 'key'
  | 'colon'
  | 'value'
  | 'after value'
  | 'first entry'
  | 'entry'
  | 'after entry'
  | 'end';

class Broken extends Error {}

/** Takes a file's bytes piece by piece and yields the spans that each piece completes. */
class SpanScanner {
  #place: Expected = 'top';
  #isObject = false;
  #key: string | null = null;
  #index = 0;
  /** The position behind `[` of the current array. */
  #inner = 0;
  /**
   * The position where the current entry or key began, or −1 outside of both. `#pieces` holds those of
   * its bytes that earlier calls of `take` received.
   */
  #start = -1;
  #pieces: Buffer[] = [];
  #held = 0;
  #depth = 0;
  #inText = false;
  #escaped = false;
  #isScalar = false;

  *take(chunk: Buffer, offset: number): Generator<JsonSpan> {
    let at = 0;
    // Some editors put a byte order mark before the text.
    if (offset === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) at = 3;
    let begun = 0;
    while (at < chunk.length) {
      if (this.#start >= 0) {
        const end = this.#inside(chunk, at);
        if (end < 0) break;
        const rest = chunk.subarray(begun, end);
        const bytes = this.#pieces.length === 0 ? rest : Buffer.concat([...this.#pieces, rest]);
        const span = this.#complete(bytes, offset + end);
        if (span !== null) yield span;
        at = end;
        continue;
      }
      const byte = chunk[at];
      if (isBlank(byte)) {
        at += 1;
        continue;
      }
      const span = this.#outside(byte, offset + at);
      if (span !== null) yield span;
      if (this.#start >= 0) begun = at;
      // The first byte of a number, `true`, `false` or `null` is read again by `#inside`, as it may also be
      // the last.
      if (!this.#isScalar) at += 1;
    }
    if (this.#start >= 0) this.#hold(chunk.subarray(begun));
  }

  finish(): void {
    if (this.#place !== 'end') throw new Broken('ends in the middle');
  }

  #hold(bytes: Buffer): void {
    this.#held += bytes.length;
    if (this.#held > MAX_ENTRY) throw new Broken('has an entry of more than 64 MB');
    this.#pieces.push(Buffer.from(bytes));
  }

  /**
   * Reads on in the current entry or key.
   * @returns the index in `chunk` after its end, or −1 if it ends in a later piece
   */
  #inside(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#isScalar) {
      while (at < chunk.length && !endsScalar(chunk[at])) at += 1;
      return at < chunk.length ? at : -1;
    }
    let inText = this.#inText;
    let depth = this.#depth;
    while (at < chunk.length) {
      const byte = chunk[at];
      at += 1;
      if (inText) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          inText = false;
          if (depth === 0) return at;
        }
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        depth -= 1;
        if (depth === 0) return at;
      }
    }
    this.#inText = inText;
    this.#depth = depth;
    return -1;
  }

  #begin(byte: number, at: number): void {
    this.#start = at;
    this.#pieces = [];
    this.#held = 0;
    this.#escaped = false;
    this.#inText = byte === QUOTE;
    this.#depth = byte === OPEN_LIST || byte === OPEN_OBJECT ? 1 : 0;
    this.#isScalar = !this.#inText && this.#depth === 0;
    if (this.#isScalar && endsScalar(byte)) throw new Broken('lacks a value');
  }

  #complete(bytes: Buffer, end: number): JsonSpan | null {
    const start = this.#start;
    this.#start = -1;
    this.#pieces = [];
    this.#isScalar = false;
    if (this.#place === 'first key' || this.#place === 'key') {
      this.#key = JSON.parse(bytes.toString('utf8')) as string;
      this.#place = 'colon';
      return null;
    }
    const isEntry = this.#place === 'first entry' || this.#place === 'entry';
    this.#place = isEntry ? 'after entry' : 'after value';
    const index = isEntry ? this.#index++ : null;
    return { key: this.#key, index, start, end, bytes };
  }

  /**
   * Handles a byte outside of entries and keys.
   * @returns the span for the end of a list, or null if the byte does not end a list
   */
  #outside(byte: number, at: number): JsonSpan | null {
    switch (this.#place) {
      case 'top':
        if (byte === OPEN_OBJECT) [this.#isObject, this.#place] = [true, 'first key'];
        else if (byte === OPEN_LIST) this.#openList(at);
        else throw new Broken('begins with neither { nor [');
        return null;
      case 'first key':
      case 'key':
        if (byte === CLOSE_OBJECT && this.#place === 'first key') this.#place = 'end';
        else if (byte === QUOTE) this.#begin(byte, at);
        else throw new Broken('lacks a key');
        return null;
      case 'colon':
        if (byte !== COLON) throw new Broken('lacks a colon after a key');
        this.#place = 'value';
        return null;
      case 'value':
        if (byte === OPEN_LIST) this.#openList(at);
        else this.#begin(byte, at);
        return null;
      case 'after value':
        if (byte === COMMA) this.#place = 'key';
        else if (byte === CLOSE_OBJECT) this.#place = 'end';
        else throw new Broken('lacks a comma');
        return null;
      case 'first entry':
      case 'entry':
        if (byte === CLOSE_LIST && this.#place === 'first entry') return this.#closeList(at);
        this.#begin(byte, at);
        return null;
      case 'after entry':
        if (byte === CLOSE_LIST) return this.#closeList(at);
        if (byte !== COMMA) throw new Broken('lacks a comma');
        this.#place = 'entry';
        return null;
      case 'end':
        throw new Broken('goes on after its end');
    }
  }

  #openList(at: number): void {
    this.#place = 'first entry';
    this.#index = 0;
    this.#inner = at + 1;
  }

  #closeList(at: number): JsonSpan {
    this.#place = this.#isObject ? 'after value' : 'end';
    return { key: this.#key, index: -1, start: this.#inner, end: at, bytes: Buffer.alloc(0) };
  }
}

/** @throws UserError when the entry is not valid JSON. */
export function parseEntry(path: string, { key, index, bytes }: JsonSpan): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    const why = whyNoJson(bytes.toString('utf8'));
    const what = key === null ? '' : ` of “${key}”`;
    const which = index === null ? `the value${what}` : `entry ${index + 1}${what}`;
    throw new UserError(`${path} is no JSON that can be read: ${which} ${why}`);
  }
}

/**
 * Yields the spans of a JSON file in order.
 * @param steps counts the bytes
 * @throws UserError when the file cannot be read, or is not valid JSON outside of its entries.
 */
export async function* jsonSpans(path: string, steps?: Steps): AsyncGenerator<JsonSpan> {
  const file = await openRegular(path).catch(() => {
    throw new UserError(`${path} cannot be read: restore it, or change its permissions.`);
  });
  const scanner = new SpanScanner();
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    for (let offset = 0; ;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK, offset);
      if (bytesRead === 0) break;
      yield* scanner.take(chunk.subarray(0, bytesRead), offset);
      offset += bytesRead;
      await steps?.take(bytesRead);
    }
    scanner.finish();
  } catch (error) {
    if (!(error instanceof Broken || error instanceof SyntaxError)) throw error;
    const problem = error instanceof Broken ? error.message : 'has a broken key';
    throw new UserError(`${path} is no JSON that can be read: it ${problem}; write it again.`);
  } finally {
    await file.close();
  }
}
