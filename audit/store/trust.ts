/**
 * Which projects a person made or trusts. Each has a small file in the configuration folder, outside of the
 * project, because a project that somebody else made cannot vouch for itself.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { configurationFolder } from '../../models/folders.ts';
import { realNow } from './files.ts';

const Trust = z.object({
  /** The hash of the first row of the project's audit log, so that another project in its place differs. */
  project: z.string(),
  /**
   * Null: the person made the project or trusts it, and its files may lie anywhere. Else the folder that
   * the person named for the dataset: the files must lie in it.
   */
  root: z.string().nullable(),
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

/** Keeps what the person said of the project in `folder`. @throws the error of the disk */
export function writeTrust(folder: string, trust: Trust): void {
  const file = fileOf(folder);
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID().slice(0, 8)}.part`;
  writeFileSync(temporary, `${JSON.stringify(trust)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
}

/** Forgets what the person said of a project that was in `folder`. */
export function removeTrust(folder: string): void {
  rmSync(fileOf(folder), { force: true });
}
