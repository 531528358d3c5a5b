/**
 * Which projects a person made or trusts. Each has a small file in the configuration folder, outside of the
 * project, because a project that somebody else made cannot vouch for itself.
 */
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configurationFolder } from '../../models/folders.ts';
import { UserError } from '../errors.ts';
import { OWN_FILE, realNow } from './files.ts';

const Trust = z.object({
  /** The hash of the first row of the project's audit log, so that another project in its place differs. */
  project: z.string(),
  /**
   * Null: the person made the project or trusts it, and its files may lie anywhere. Else the folder that
   * the person named for the dataset: the files must lie in it.
   */
  root: z.string().nullable(),
  /** The folder that the person named before they trusted the project. The project itself was not written. */
  named: z.string().optional(),
});
export type Trust = z.infer<typeof Trust>;

function fileOf(folder: string): string {
  const name = createHash('sha256').update(realNow(folder)).digest('hex').slice(0, 32);
  return path.join(configurationFolder(), 'trusted', `${name}.json`);
}

/** What the person said of the project in `folder`, or null. @param project see `Trust.project` */
export function readTrust(folder: string, project: string): Trust | null {
  try {
    const trust = Trust.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')));
    return trust.project === project ? trust : null;
  } catch {
    return null;
  }
}

/** Whether the person made or trusts some project in `folder`; `readTrust` says whether it is the present one. */
export function isTrustedPlace(folder: string): boolean {
  try {
    return Trust.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8'))).root === null;
  } catch {
    return false;
  }
}

/** @throws UserError if what a person says of a project cannot be kept */
export function checkTrustIsKept(): void {
  const folder = path.join(configurationFolder(), 'trusted');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch {
    throw notKept();
  }
}

/** Keeps what the person said of the project in `folder`. @throws UserError if it cannot be kept */
export function writeTrust(folder: string, trust: Trust): void {
  const file = fileOf(folder);
  const temporary = `${file}.${process.pid}.part`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const descriptor = openSync(temporary, 'w', OWN_FILE);
    try {
      writeSync(descriptor, `${JSON.stringify(trust)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
  } catch {
    throw notKept();
  }
}

function notKept(): UserError {
  return new UserError(
    `Your trust in the project cannot be kept in ${configurationFolder()}: give yourself write permission on that folder.`,
    { code: 'read-only' },
  );
}

/** Forgets what the person said of a project that was in `folder`. */
export function removeTrust(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}
