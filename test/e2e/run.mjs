// `npm run e2e` runs the end-to-end tests in Chromium and in Electron. `npm run e2e -- packaged` makes
// the packaged application and tests it.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const [what, ...rest] = process.argv.slice(2);
const run = (command, args, env = {}) =>
  spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1;
const vitest = (args, env) => run(join('node_modules', '.bin', 'vitest'), ['run', ...args], env);

if (what === 'packaged') {
  process.exitCode =
    run(process.execPath, [join('dist', 'electron', 'runtime', 'package.js')]) ||
    vitest([join('test', 'electron', 'package.test.ts')], { OVERREAD_PACKAGED: '1' });
} else {
  process.exitCode = vitest(what === undefined ? ['test/e2e', 'test/electron'] : [what, ...rest]);
}
