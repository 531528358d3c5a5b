/** Runs `overread serve` for a browser, until it is stopped. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Path of the built command. */
export const MAIN = join(import.meta.dirname, '../../dist/audit/cli/main.js');

/**
 * @param {string | undefined} project folder of the project; undefined shows the start screen
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws Error with the server's output if it ends at once
 */
export function serve(project, env) {
  const args = [MAIN, 'serve', ...(project === undefined ? [] : [project])];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk.toString();
      const url = /http:\/\/\S+/.exec(said)?.[0];
      if (url === undefined) return;
      const stop = () => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ url, stop });
    });
    void ended.then(() => reject(new Error(`serve ended: ${said}`)));
  });
}
