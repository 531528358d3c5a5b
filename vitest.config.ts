import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium, SOFTWARE_GL } from './test/e2e/chromium.mjs';
import { LongestFirst } from './test/longest-first.ts';

/** Tests of components, which press keys and click. They run in a real browser, if there is one. */
const IN_BROWSER = 'test/**/*.browser.test.ts';
const executablePath = findChromium();

/** Tests note the projects that they make here, and not in the person's own folder. */
const OVERREAD_CONFIG = mkdtempSync(join(tmpdir(), 'overread-test-config-'));
process.once('exit', () => rmSync(OVERREAD_CONFIG, { recursive: true, force: true }));

const components = {
  plugins: [tailwindcss(), svelte({ configFile: 'renderer/svelte.config.js' })],
  // Bundles all packages at once: one that is found later would load Svelte a second time.
  optimizeDeps: { force: true, entries: ['renderer/main.ts', IN_BROWSER] },
  test: {
    name: 'components',
    include: [IN_BROWSER],
    setupFiles: ['test/renderer/mounted/set-up.ts'],
    testTimeout: 30_000,
    // The wait is long because a busy machine draws late.
    expect: { poll: { timeout: 10_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: {
          executablePath: executablePath ?? '',
          args: ['--no-sandbox', ...SOFTWARE_GL],
        },
      }),
      instances: [{ browser: 'chromium' as const }],
      viewport: { width: 1280, height: 800 },
    },
  },
};

export default defineConfig({
  test: {
    // Two cores are the floor. Tests that start processes mostly wait for them, so there is a third worker.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // Longest wait for the browser's page. It is long because packages are bundled first.
    browser: { connectTimeout: 180_000 },
    coverage: {
      provider: 'v8',
      reporter: ['json'],
      exclude: ['test/**'],
      // Code that a failed test ran counts as covered, too.
      reportOnFailure: true,
    },
    projects: [
      {
        // Svelte compiles the interface's controllers, which are `.svelte.ts` files.
        plugins: [svelte({ configFile: 'renderer/svelte.config.js' })],
        test: {
          name: 'node',
          env: { OVERREAD_CONFIG },
          // A worker keeps loaded modules for its next test files: loading them again took half of the time.
          isolate: false,
          setupFiles: ['test/set-up.ts'],
          include: ['test/**/*.test.ts'],
          exclude: [IN_BROWSER],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      ...(executablePath === null ? [] : [components]),
    ],
  },
});
