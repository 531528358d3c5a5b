/**
 * Redacts every record before it is logged, so that no words of people or datasets reach the log. A
 * text keeps only the words of `vocabulary.ts`; other words become `…`. A path becomes `[project]`,
 * `[dataset]` or `[home]` if it lies in that folder, or else `[path]`. An error keeps its kind and its
 * code. Its stack trace keeps the places in the code of Overread, its packages and Node.
 *
 * A person may switch the redaction off (`paths.ts`).
 */
import { homedir } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VOCABULARY } from './vocabulary.ts';

/**
 * Folders whose paths the log replaces by `[project]` and `[dataset]`; null while no project is open.
 */
export interface NamedFolders {
  readonly project: string | null;
  readonly dataset: string | null;
}

export interface ErrorRecord {
  readonly kind: string;
  readonly code?: string;
  readonly message: string;
  /** The stack trace: places in the code, innermost first. */
  readonly at: readonly string[];
  readonly cause?: ErrorRecord;
}

export type LogRecord = Record<string, unknown>;

const HIDDEN = '…';
/**
 * Facts that are logged as they are: their values come from Overread's code, not from people or
 * datasets.
 */
const CODES = new Set([
  'arch',
  'chrome',
  'code',
  'command',
  'electron',
  'method',
  'node',
  'origin',
  'platform',
  'program',
  'reason',
  'route',
  'signal',
  'state',
  'system',
  'task',
  'version',
]);
const CODE = /^[\w:./*{}()+ -]{0,120}$/;
const KIND = /^[A-Za-z]\w{0,60}$/;
const ERROR_CODE = /^[A-Z][A-Z0-9_]{0,60}$/;

const FRAME = /^\s*at (?:(.+) \()?(\S.*?):(\d+):(\d+)\)?$/;
const FUNCTION = /^[\w$.<>#[\] ]{1,120}$/;
const INSIDE = /^[\w@+-][\w@.+-]*(?:\/[\w@+-][\w@.+-]*)*$/;
const FRAMES = 30;
const CAUSES = 3;
/** A longer text is cut to this number of characters. */
const LONGEST = 4000;
/** Of a longer output of a program, only this number of last lines is kept. */
const LINES = 60;

const QUOTES = /“[^”]*”|‘[^’]*’|"[^"]*"|`[^`]*`|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu;
/** An absolute path (POSIX, Windows drive, network share or `~/…`), or a URL. */
const PATH = /(?<![^\s("'“‘`[=:])(?:\w{2,20}:\/\/|[A-Za-z]:[\\/]|\\\\|~?\/)[^\s"'”’`,;)]*/gu;
const PLACE = /^\[(?:project|dataset|home|path)\](?:\/…)?$/;
const TOKEN = /^([("“‘[{<]*)(.*?)([)"”’\]}>.,:;!?]*)$/su;

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const NO_FOLDERS: NamedFolders = { project: null, dataset: null };

/** The folder that holds Overread's code: a checkout, or the archive of the installed application. */
function applicationFolder(): string {
  const folder = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]+$/, '');
  return basename(folder) === 'dist' ? dirname(folder) : folder;
}

export class Redactor {
  readonly #folders: () => NamedFolders;
  readonly #asWritten: boolean;
  readonly #application = applicationFolder();

  /** @param asWritten keeps texts and paths unchanged */
  constructor(folders: () => NamedFolders = () => NO_FOLDERS, asWritten = false) {
    this.#folders = folders;
    this.#asWritten = asWritten;
  }

  /**
   * Redacts the facts of a record. Numbers stay, texts and `err` are redacted, `counts` keeps its
   * numbers, and `tail` (a program's output) becomes a list of redacted lines.
   */
  record(facts: unknown): LogRecord {
    if (facts instanceof Error) return { err: this.error(facts) };
    if (typeof facts !== 'object' || facts === null) return {};
    return Object.fromEntries(
      Object.entries(facts).map(([key, value]) => [key, this.#value(key, value)]),
    );
  }

  /** Redacts a thrown value. @param depth how many errors name this one as their cause */
  error(thrown: unknown, depth = 0): ErrorRecord {
    if (!(thrown instanceof Error)) {
      return { kind: typeof thrown, message: this.text(String(thrown)), at: [] };
    }
    const { name, message, stack = '', cause } = thrown;
    const { code } = thrown as NodeJS.ErrnoException;
    const frames = stack.startsWith(`${name}: ${message}`)
      ? stack.slice(name.length + 2 + message.length)
      : stack;
    return {
      kind: KIND.test(name) ? name : 'Error',
      ...(typeof code === 'string' && ERROR_CODE.test(code) && { code }),
      message: this.text(message),
      at: frames
        .split('\n')
        .map((line) => this.#frame(line))
        .filter((place) => place !== null)
        .slice(0, FRAMES),
      ...(cause !== undefined && depth < CAUSES && { cause: this.error(cause, depth + 1) }),
    };
  }

  /** Redacts a text: words that are not in the vocabulary become `…`. */
  text(text: string): string {
    if (this.#asWritten) return text;
    const placed = this.#placed(text.slice(0, LONGEST).replace(QUOTES, HIDDEN));
    let first = true;
    const words = placed.split(/\s+/u).map((token) => {
      const shown = shownToken(token, first);
      first = false;
      return shown;
    });
    return words.join(' ').replace(/…(?:[\s…]*…)+/gu, HIDDEN);
  }

  #value(key: string, value: unknown): unknown {
    if (key === 'err') return value === null ? null : this.error(value);
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    if (key === 'counts') return numbersOf(value);
    if (typeof value !== 'string') return value instanceof Error ? this.error(value) : HIDDEN;
    if (key === 'tail') return this.#output(value);
    return CODES.has(key) && CODE.test(value) ? value : this.text(value);
  }

  /** Redacts the last lines of a program's output. */
  #output(text: string): string[] {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
    return lines.slice(-LINES).map((line) => this.#frame(line) ?? this.text(line));
  }

  /** A line of a stack trace as `function file:line:column`, or null if it is another line. */
  #frame(line: string): string | null {
    const found = FRAME.exec(line);
    if (!found) return null;
    const [, name = '', file = '', row, column] = found;
    if (this.#asWritten) return `${name} ${file}:${row}:${column}`.trim();
    const place = this.#codePlace(file);
    if (place === null) return '[elsewhere]';
    const shown = FUNCTION.test(name) ? `${name} ` : '';
    return `${shown}${place}:${row}:${column}`;
  }

  /** The path of a code file inside Overread's folder, or its `node:` name; null for any other file. */
  #codePlace(file: string): string | null {
    if (/^node:[\w/]+$/.test(file)) return file;
    const path = file.startsWith('file:') && URL.canParse(file) ? pathOf(file) : file;
    for (const folder of [this.#application, 'overread://app']) {
      if (!path.startsWith(folder)) continue;
      const inside = path.slice(folder.length + 1).replaceAll('\\', '/');
      if (INSIDE.test(inside)) return inside;
    }
    return null;
  }

  /** Replaces every absolute path by `[project]`, `[dataset]`, `[home]` or `[path]`. */
  #placed(text: string): string {
    const { project, dataset } = this.#folders();
    const named = [
      ['project', project],
      ['dataset', dataset],
      ['home', homedir()],
    ] as const;
    let placed = text;
    for (const [name, folder] of [...named].sort((a, b) => lengthOf(b[1]) - lengthOf(a[1]))) {
      if (folder === null || folder.length < 2) continue;
      const inside = new RegExp(`${escape(folder)}(?![\\p{L}\\p{N}_-])[^\\s"'”’\`,;)]*`, 'gu');
      placed = placed.replace(inside, `[${name}]/${HIDDEN}`);
    }
    return placed.replace(PATH, '[path]');
  }
}

const lengthOf = (folder: string | null): number => folder?.length ?? 0;

function pathOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch {
    return address;
  }
}

function numbersOf(value: unknown): Record<string, number> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

/**
 * Returns the token if the vocabulary has its words, else `…` with the token's punctuation.
 * @param first whether the token begins the text, so that its first letter may be a capital
 */
function shownToken(token: string, first: boolean): string {
  const [, before = '', core = '', after = ''] = TOKEN.exec(token) ?? [];
  if (PLACE.test(token) || PLACE.test(token.replace(/[.,:;!?)]+$/, ''))) return token;
  if (core === '' || core === HIDDEN) return token;
  const words = core.split(/[-/’]/);
  const isKnown = words.every(
    (word) =>
      VOCABULARY.has(word) ||
      (first && VOCABULARY.has(word.charAt(0).toLowerCase() + word.slice(1))),
  );
  return isKnown ? token : `${before}${HIDDEN}${after}`;
}
