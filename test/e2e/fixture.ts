/**
 * The folder that an end-to-end test runs in, and a small demo project in it, made with the command
 * line.
 */
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
  /** Folder in which the application keeps its settings. */
  readonly config: string;
  /** Environment that makes the application use `config`, and look for the demo in `root`. */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

/**
 * Runs `overread …` to its end.
 * @returns what it printed
 * @throws Error if it fails
 */
export function overread(env: NodeJS.ProcessEnv, ...args: string[]): string {
  return execFileSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
}

/** Makes an empty folder for a test, with places for a demo and for settings. */
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
    // A process that was killed may write its last file a moment later.
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 }),
  };
}

/** Number of cases in the demo that `makeDemo` makes. */
export const DEMO_CASES = 24;

/** Makes a demo so small that it is quick to test with. It does not rank well. */
export function makeDemo(ground: Ground): void {
  const size = ['--count', `${DEMO_CASES}`, '--size', '32', '--epochs', '8'];
  overread(ground.env, 'demo', '--headless', '--quiet', '--dir', dirname(ground.project), ...size);
}

/**
 * SHA-256 over the names and contents of all files in a folder, to see whether anything in it changed.
 */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(name.slice(folder.length)).update(readFileSync(name));
  return hash.digest('hex');
}
