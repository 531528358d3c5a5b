/** What the walks walk on: a small demo project in a folder of its own, made with the command line. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MAIN } from './serve.mjs';

export interface Ground {
  readonly root: string;
  readonly project: string;
  /** The dataset that the project was imported from. */
  readonly dataset: string;
  /** Where the application keeps its settings. */
  readonly config: string;
  /** With that, and with the demo looked for on this ground. */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/** `overread …`, to its end. @throws when it fails */
export function overread(env: NodeJS.ProcessEnv, ...args: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
}

/** A folder with its own configuration. */
export function makeGround(): Ground {
  const root = mkdtempSync(join(tmpdir(), 'overread-e2e-'));
  const demo = join(root, 'demo');
  const config = join(root, 'config');
  return {
    root,
    project: join(demo, 'demo.overread'),
    dataset: join(demo, 'phantoms'),
    config,
    env: { ...process.env, OVERREAD_CONFIG: config, OVERREAD_DEMO: demo },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Of the demo that `makeDemo` makes. */
export const DEMO_CASES = 24;

/** Makes the demo small: enough to walk on, not to rank well. */
export function makeDemo(ground: Ground): void {
  const size = ['--count', `${DEMO_CASES}`, '--size', '32', '--epochs', '8'];
  overread(ground.env, 'demo', '--headless', '--quiet', '--dir', dirname(ground.project), ...size);
}

/** SHA-256 over all files of a folder, names included: whether anything in it changed. */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(name.slice(folder.length)).update(readFileSync(name));
  return hash.digest('hex');
}
