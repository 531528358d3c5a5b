/** Finds a Chromium for tests, benches and pictures: `CHROMIUM`, the system's, or Playwright's. */
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Switches that give WebGL without a GPU. The page around it is drawn without WebGL, which takes a sixth of
 * the time.
 */
export const SOFTWARE_GL = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
];

/**
 * The path of a Chromium, or null if there is none; then it prints how to name one.
 * @returns {string | null}
 */
export function findChromium() {
  const found = PLACES.find((path) => path !== undefined && existsSync(path));
  if (found) return found;
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  process.stderr.write('No Chromium was found: set CHROMIUM to the path of one.\n');
  return null;
}

/**
 * @param {string[]} [args] switches for drawing; by default WebGL in software
 * @returns {Promise<import('@playwright/test').Browser>}
 * @throws Error if there is no Chromium
 */
export async function launchChromium(args = SOFTWARE_GL) {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('This needs a Chromium.');
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...args] });
}
