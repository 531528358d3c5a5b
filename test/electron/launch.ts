/** Starts a real Electron for the tests, under Xvfb where there is no display. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { setUpRuntime } from '../../electron/runtime/set-up.ts';
import { SOFTWARE_GL } from '../e2e/chromium.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Switches for WebGL in software. Root, as in a container, cannot use Chromium's sandbox. */
export const SWITCHES = [...SOFTWARE_GL, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];

/**
 * Runs Xvfb until the test process ends in any way: the shell then reads the end of its input and kills
 * Xvfb. Without `-noreset`, Xvfb resets after its last client has left, and may miss a client that comes
 * meanwhile.
 */
const XVFB =
  'Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp -noreset 2>/dev/null &' +
  ' read _; kill $!; sleep 2; kill -9 $! 2>/dev/null';

/**
 * The display to draw on: the machine's, else an Xvfb of our own on a free number, or null if that
 * fails.
 */
async function display(): Promise<string | null> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform !== 'linux' || WAYLAND_DISPLAY) return DISPLAY ?? '';
  if (DISPLAY) return DISPLAY;
  const server = spawn('sh', ['-c', XVFB], { stdio: ['pipe', 'pipe', 'ignore'] });
  const number = await new Promise<string | null>((resolve) => {
    server.once('error', () => resolve(null));
    server.once('exit', () => resolve(null));
    server.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    setTimeout(() => resolve(null), 20_000).unref();
  });
  if (number === null) server.stdin.end();
  return number === null ? null : `:${number}`;
}

export interface Desktop {
  readonly executable: string;
  readonly display: string;
}

/** The Electron and the display for a window, or null if they cannot be had; then it prints why. */
export async function findDesktop(): Promise<Desktop | null> {
  try {
    const runtime = await setUpRuntime({
      standIn: true,
      report: () => undefined,
      notice: (line) => process.stderr.write(`${line}\n`),
    });
    const found = await display();
    if (found !== null) return { executable: runtime.executable, display: found };
    process.stderr.write('Skipped: no display, and no Xvfb to make one.\n');
  } catch (error) {
    process.stderr.write(`Skipped: ${(error as Error).message}\n`);
  }
  return null;
}

export interface Launched {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Id of the main process. */
  readonly pid: number;
  /** The last 20,000 characters that the application printed. */
  readonly log: () => string;
  /** Sends a request to the application's server from its page. */
  ask(path: string, method?: string, json?: unknown): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

export function environment(desktop: Desktop, config: string): Record<string, string> {
  const env = { ...process.env, DISPLAY: desktop.display, OVERREAD_CONFIG: config };
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/**
 * Starts the application with `args`. It keeps its settings and its lock in the folder `config`.
 * @param more variables of the environment
 */
export async function launch(
  desktop: Desktop,
  config: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<Launched> {
  const app = await _electron.launch({
    executablePath: desktop.executable,
    args: [...SWITCHES, ROOT, ...args],
    env: { ...environment(desktop, config), ...more },
  });
  const child = app.process();
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (log = (log + chunk.toString()).slice(-20_000)));
  }
  const page = await app.firstWindow();
  await page.locator('main:not([aria-busy="true"])').waitFor();
  const ask: Launched['ask'] = (path, method = 'GET', json) =>
    page.evaluate(
      async ([path, method, body]) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(path, { method, ...(body !== null && { headers, body }) });
        return { status: response.status, body: await response.json() };
      },
      [path, method, json === undefined ? null : JSON.stringify(json)] as const,
    );
  return {
    app,
    page,
    pid: child.pid ?? -1,
    log: () => log,
    ask,
    close: async () => {
      // Kills the application, since an open dialog or a training would keep it from closing.
      child.kill('SIGKILL');
      await app.close().catch(() => undefined);
    },
  };
}

/** The process `pid` and all its descendants, with their command lines. */
export function family(pid: number): { pid: number; command: string }[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(join('/proc', name, 'stat'), 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent, command }];
      } catch {
        return [];
      }
    });
  const found = all.filter((one) => one.pid === pid);
  for (let at = 0; at < found.length; at += 1) {
    found.push(...all.filter(({ parent }) => parent === found[at].pid));
  }
  return found;
}

/**
 * Whether a process has ended. If its parent has not waited for it, it is still listed, without a
 * command.
 */
export function gone(pid: number): boolean {
  return family(pid).every(({ command }) => command === '');
}

/**
 * Ids of the utility processes that run Overread's programs, oldest first. The first is the audit.
 */
export function programs(pid: number): number[] {
  return family(pid)
    .filter(({ command }) => command.includes('node.mojom.NodeService'))
    .map((one) => one.pid)
    .sort((a, b) => a - b);
}

/** Local addresses of the TCP sockets on which one of `pids` listens. */
export function listening(pids: readonly number[]): string[] {
  const sockets = new Set(
    pids.flatMap((pid) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
          try {
            return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
          } catch {
            return [];
          }
        });
      } catch {
        return [];
      }
    }),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/net/${kind}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1] ?? ''),
  );
}

/**
 * Whether an application with this `config` has opened a project: it then writes the recent projects.
 */
export function hasOpened(config: string): boolean {
  return existsSync(join(config, 'recent.json'));
}

type Condition = () => boolean | Promise<boolean>;

/** Longest wait for a condition. It is long because a busy machine is slow. */
const PATIENCE_MS = 240_000;
const POLL_MS = 100;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const tooLate = (what: string, withinMs: number): string =>
  `this did not happen within ${withinMs} ms: ${what}`;

/**
 * Waits for a condition.
 * @throws Error that names `what`, if the condition does not hold within `withinMs`
 */
export async function until(
  what: string,
  condition: Condition,
  withinMs = PATIENCE_MS,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(tooLate(what, withinMs));
    await pause(POLL_MS);
  }
}

/**
 * Watches for `forMs` that a condition keeps holding, since no event says that something did not
 * happen.
 * @throws Error that names `what`, if the condition breaks
 */
export async function remains(what: string, condition: Condition, forMs: number): Promise<void> {
  const end = Date.now() + forMs;
  do {
    if (!(await condition())) throw new Error(`this did not stay true: ${what}`);
    await pause(POLL_MS / 2);
  } while (Date.now() < end);
  if (!(await condition())) throw new Error(`this did not stay true: ${what}`);
}

/**
 * Waits for a promise, at most `withinMs`.
 * @throws Error that names `what`, if the promise is late
 */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  withinMs = PATIENCE_MS,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(tooLate(what, withinMs))), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for the end of a process. */
export async function exited(child: ChildProcess): Promise<void> {
  const ended = child.exitCode !== null || child.signalCode !== null;
  if (!ended) await within('the process has ended', once(child, 'exit'));
}
