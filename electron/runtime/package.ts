/**
 * `npm run package`: packages the application for this system with an Electron that it finds or fetches.
 * Without arguments the result is a folder; arguments choose other targets of electron-builder.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTerminal } from '../../audit/cli/terminal.ts';
import { reportOn, setUpRuntime } from './set-up.ts';

const terminal = createTerminal(process.stdout, process.stderr);
const given = process.argv.slice(2);

const runtime = await setUpRuntime({ ...reportOn(terminal), standIn: true });
terminal.endProgress();
if (runtime.origin === 'stand-in') {
  terminal.say(
    `Packaging with the older Electron ${runtime.version}. Use the package for tests only; do not distribute it.`,
  );
}
const builder = createRequire(import.meta.url).resolve('electron-builder/cli.js');
// If an argument names a system, it may be another than this one, and electron-builder fetches the Electron
// for it. The stand-in is used in any case.
const ours =
  !given.some((argument) => ['--win', '--mac', '--linux', '-w', '-m', '-l'].includes(argument)) ||
  runtime.origin === 'stand-in';
const { status } = spawnSync(
  process.execPath,
  [
    builder,
    '--publish=never',
    ...(given.length > 0 ? given : ['--dir']),
    ...(ours
      ? [`--config.electronDist=${runtime.folder}`, `--config.electronVersion=${runtime.version}`]
      : []),
  ],
  { stdio: 'inherit', cwd: join(fileURLToPath(new URL('../../..', import.meta.url))) },
);
process.exitCode = status ?? 1;
