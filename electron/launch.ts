/**
 * Opens the desktop application from a checkout: finds or fetches an Electron and runs it until it ends.
 * `overread open` starts this program: `node dist/electron/launch.js [FOLDER]`. Exit code 0: the
 * application was closed. 1: it ended unexpectedly. 3: no window can open here; the reason is sent to the
 * parent process, or printed if this program has no channel to a parent. The variable `OVERREAD_STAND_IN` set to 1
 * allows the stand-in (`runtime/stand-in.ts`).
 */
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTerminal } from '../audit/cli/terminal.ts';
import { StandInNeeded, reportOn, setUpRuntime } from './runtime/set-up.ts';
import type { Runtime } from './runtime/find.ts';

const APPLICATION = fileURLToPath(new URL('../..', import.meta.url));
const NO_WINDOW = 3;
const STAND_IN = 'OVERREAD_STAND_IN';
/** An Electron that ends within this time could not start: a library or a display is missing. */
const START_MS = 5000;

const terminal = createTerminal(process.stdout, process.stderr);

/** @param standIn whether the stand-in could open the window, if the person allows it */
function giveUp(why: string, standIn = false): never {
  terminal.endProgress();
  if (process.send)
    process.send({ type: 'no-window', why, standIn }, () => process.exit(NO_WINDOW));
  else terminal.say(why);
  process.exitCode = NO_WINDOW;
  throw new Error(why);
}

function setting(name: string): string | null {
  try {
    return readFileSync(join('/proc/sys/kernel', name), 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * Electron's switches for Chromium's sandbox, or null if no window can open, because the system forbids the
 * sandbox and its helper `chrome-sandbox` is not set up.
 */
function sandbox({ folder }: Runtime): string[] | null {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) {
    terminal.say('You are root: the window runs without Chromium’s own sandbox.');
    return ['--no-sandbox'];
  }
  const forbidden =
    setting('unprivileged_userns_clone') === '0' ||
    setting('apparmor_restrict_unprivileged_userns') === '1';
  const { uid, mode } = statSync(join(folder, 'chrome-sandbox'), { throwIfNoEntry: false }) ?? {};
  const helper = uid === 0 && ((mode ?? 0) & 0o4000) !== 0;
  return forbidden && !helper ? null : [];
}

/** Lines from Chromium and its libraries that do not help a person who opens a project. */
const NOISE = /^\[\d+:\d{4}\/\d{6}\.\d+:|^\s*$|^Gtk-|libva|dbus/;

async function run(runtime: Runtime, switches: readonly string[], given: readonly string[]) {
  const args = [...switches, APPLICATION, ...given.map((folder) => resolve(folder))];
  const child = spawn(runtime.executable, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const began = Date.now();
  let last = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.trim() !== '')
      last = line
        .trim()
        .replace(/^\[[^\]]*\] */, '')
        .replace(/\.$/, '');
    if (!NOISE.test(line)) terminal.say(line);
  });
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    child.kill('SIGTERM');
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop);
  const how = await new Promise<string | null>((done) => {
    child.once('error', (error) => done(error.message));
    child.once('close', (code, signal) => {
      if (code === 0) done(null);
      else done(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  if (how === null || stopped) return;
  if (Date.now() - began < START_MS) {
    giveUp(`Electron did not start: ${last === '' ? how : last}`);
  }
  terminal.say(`Overread’s window ended unexpectedly (${how}).`);
  process.exitCode = 1;
}

async function launch(): Promise<void> {
  const standIn = process.env[STAND_IN] === '1';
  const runtime = await setUpRuntime({ ...reportOn(terminal), standIn }).catch((error: unknown) =>
    giveUp((error as Error).message, error instanceof StandInNeeded),
  );
  terminal.endProgress();
  const switches = sandbox(runtime);
  if (switches === null) {
    const helper = join(runtime.folder, 'chrome-sandbox');
    giveUp(
      'this system blocks Chromium’s sandbox; allow its helper once with: ' +
        `sudo chown root ${helper} && sudo chmod 4755 ${helper}`,
    );
  }
  await run(runtime, switches, process.argv.slice(2));
}

// With the exit code `NO_WINDOW`, `giveUp` threw the error and has told the reason already.
await launch().catch((error: unknown) => {
  if (process.exitCode === NO_WINDOW) return;
  throw error;
});
if (process.connected) process.disconnect();
