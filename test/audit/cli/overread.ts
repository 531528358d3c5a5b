/** Runs the built command line as a process, as a person's shell does. */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encodePng } from '../../../audit/codecs/png.ts';

const MAIN = fileURLToPath(new URL('../../../dist/audit/cli/main.js', import.meta.url));

/** The folder for the settings and the log of these commands, instead of the person's own folder. */
const CONFIG = mkdtempSync(join(tmpdir(), 'overread-cli-config-'));
process.once('exit', () => rmSync(CONFIG, { recursive: true, force: true }));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
  /** @returns the text that the process has written to standard output so far */
  readonly out: () => string;
}

export function start(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Started {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: {
      OVERREAD_CONFIG: CONFIG,
      ...(options.env ?? process.env),
      OVERREAD_AUTHOR: 'Ann Author',
    },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, ended, out: () => out };
}

/** Runs `overread` with these arguments and waits for its end. */
export function overread(...args: readonly string[]): Promise<Ended> {
  return start(args).ended;
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'overread cli '));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** A disc as an 8-bit PNG of `size`² pixels; x, y and the radius are shares of `size`. */
export async function disc(
  size: number,
  [x, y, radius]: readonly [number, number, number],
  [outside, inside]: readonly [number, number] = [0, 255],
): Promise<Buffer> {
  const data = new Uint8Array(size * size).fill(outside);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const away = Math.hypot(column / size - x, row / size - y);
      if (away < radius) data[row * size + column] = inside;
    }
  }
  return encodePng({ width: size, height: size, bits: 8, data });
}

/** Writes a dataset of `images/`, `lung/` and `heart/` with a disc each, a little different per case. */
export async function writeDiscs(folder: string, count: number, size: number): Promise<void> {
  for (const name of ['images', 'lung', 'heart']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  for (let index = 0; index < count; index += 1) {
    const name = `case-${String(index).padStart(3, '0')}.png`;
    const lung = [0.5 + (index % 7) / 100, 0.5 - (index % 5) / 100, 0.3] as const;
    const heart = [0.6 - (index % 3) / 100, 0.65, 0.12] as const;
    const image = await disc(size, lung, [200 - (index % 50), 40 + (index % 100)]);
    await writeFile(join(folder, 'images', name), image);
    await writeFile(join(folder, 'lung', name), await disc(size, lung));
    await writeFile(join(folder, 'heart', name), await disc(size, heart));
  }
}
