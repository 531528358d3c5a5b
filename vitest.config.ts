import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Controllers of the interface are `.svelte.ts`.
  plugins: [svelte({ configFile: 'renderer/svelte.config.js' })],
  test: {
    include: ['test/**/*.test.ts'],
    // Training and import tests start real processes; two cores are the floor.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
