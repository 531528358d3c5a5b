/** A real Chromium for the tests, where one can be had: `CHROMIUM`, the system's, or Playwright's. */
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import type { Browser } from '@playwright/test';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** WebGL without a GPU. */
const SOFTWARE_GL = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/** Path of a Chromium, or null with the reason said. */
export function findChromium(): string | null {
  const found = PLACES.find((path) => path !== undefined && existsSync(path));
  if (found) return found;
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  process.stderr.write('Skipped: no Chromium here; name one in CHROMIUM.\n');
  return null;
}

export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', ...SOFTWARE_GL] });
}
