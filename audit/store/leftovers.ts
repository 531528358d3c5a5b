/**
 * Temporary files and folders that a killed process leaves. Each has a note in the configuration folder from
 * before it is made until it is gone, so that the next start of Overread finds and removes it, wherever it lies.
 */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { configurationFolder } from '../../models/folders.ts';

/** Distinguishes this process from an earlier one with the same number. */
const SESSION = randomUUID();
/** The names that `temporaryBeside` gives. Nothing else is ever removed. */
const OWN_NAME = /^\.[^/\\]*\.[0-9a-f]{8}\.overread-part(\.html)?$/;

const Note = z.object({
  session: z.string(),
  pid: z.number(),
  host: z.string(),
  path: z.string(),
});
type Note = z.infer<typeof Note>;

const notesFolder = (): string => join(configurationFolder(), 'temporary');

export interface Temporary {
  readonly path: string;
  /** Removes the file or folder, if it is still there, and its note. */
  remove(): void;
}

/**
 * Names a temporary file or folder beside `target`, which the caller makes and may rename. Without a
 * configuration folder that can be written it has no note.
 * @param ending a file extension that other programs need
 */
export function temporaryBeside(target: string, ending = ''): Temporary {
  const serial = randomUUID().slice(0, 8);
  // A long name is cut, because a name has 255 bytes at most.
  const name = `.${basename(target).slice(0, 60)}.${serial}.overread-part${ending}`;
  const path = join(dirname(target), name);
  const note = join(notesFolder(), `${serial}.json`);
  try {
    mkdirSync(notesFolder(), { recursive: true, mode: 0o700 });
    const content: Note = { session: SESSION, pid: process.pid, host: hostname(), path };
    writeFileSync(note, JSON.stringify(content), { mode: 0o600 });
  } catch {
    // The file is removed when the work ends, and only a kill would leave it.
  }
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true });
      rmSync(note, { force: true });
    },
  };
}

function readNote(file: string): Note | null {
  try {
    return Note.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive({ session, pid }: Note): boolean {
  if (session === SESSION) return true;
  return pid !== process.pid && isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The names that `writeDurably` gives to a file that it writes, with the number of the process. */
const PART = /\.(\d{1,10})\.part$/;

/** Removes half-written files of processes that have ended, in a folder and below it. Never throws. */
export function sweepParts(folder: string): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sweepParts(path);
    const pid = Number(PART.exec(entry.name)?.[1] ?? 0);
    if (!entry.isFile() || pid === 0 || isRunning(pid)) continue;
    try {
      rmSync(path, { force: true });
    } catch {
      // The folder may not be written: the file stays.
    }
  }
}

/** Removes what killed processes of this machine left. Never throws. */
export function sweepLeftovers(): void {
  sweepParts(configurationFolder());
  let names: string[];
  try {
    names = readdirSync(notesFolder());
  } catch {
    return;
  }
  for (const name of names) {
    const file = join(notesFolder(), name);
    const note = readNote(file);
    try {
      if (note !== null) {
        if (note.host !== hostname() || isAlive(note)) continue;
        if (isAbsolute(note.path) && OWN_NAME.test(basename(note.path))) {
          rmSync(note.path, { recursive: true, force: true });
        }
      }
      rmSync(file, { force: true });
    } catch {
      // The disk is not there now, or may not be written: a later start tries again.
    }
  }
}
