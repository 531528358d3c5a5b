import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { findChromium } from './test/e2e/chromium.mjs';

/** Components that answer to keys and clicks: tested in a real browser, where there is one. */
const IN_BROWSER = 'test/**/*.browser.test.ts';
const executablePath = findChromium();

const components = {
  plugins: [tailwindcss(), svelte({ configFile: 'renderer/svelte.config.js' })],
  // All packages at once: one that is found on the way would load Svelte a second time.
  optimizeDeps: { force: true, entries: ['renderer/main.ts', IN_BROWSER] },
  test: {
    name: 'components',
    include: [IN_BROWSER],
    setupFiles: ['test/renderer/mounted/set-up.ts'],
    testTimeout: 30_000,
    // A busy machine draws late.
    expect: { poll: { timeout: 10_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath: executablePath ?? '', args: ['--no-sandbox'] },
      }),
      instances: [{ browser: 'chromium' as const }],
      viewport: { width: 1280, height: 800 },
    },
  },
};

export default defineConfig({
  test: {
    // Training and import tests start real processes; two cores are the floor.
    maxWorkers: 2,
    // Until a browser's page answers; packages are bundled for it meanwhile.
    browser: { connectTimeout: 180_000 },
    coverage: {
      provider: 'v8',
      reporter: ['json-summary'],
      include: ['{audit,electron,models,renderer,trainer}/**/*.{ts,svelte}'],
      exclude: ['test/**'],
      // What failed has run, too.
      reportOnFailure: true,
    },
    projects: [
      {
        // Controllers of the interface are `.svelte.ts`.
        plugins: [svelte({ configFile: 'renderer/svelte.config.js' })],
        test: {
          name: 'node',
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
