/** Builds the interface into `dist/renderer`, from where the audit's server serves it. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { listPackages } from './packages.ts';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwindcss(), svelte(), listPackages()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // Assets stay files: they are read from disk anyway, and a data: URL needs an exception in the CSP.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    // Leaves the timings of plugins out of the build's output.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es' },
});
