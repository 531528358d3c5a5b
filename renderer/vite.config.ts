/** Builds the interface into `dist/renderer`, from where the audit's application serves it. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [tailwindcss(), svelte()],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome130',
    // Everything is read from disk: one file less to fetch is worth nothing, a data: URL needs CSP.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    // No timings of plugins in the build's output.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es' },
});
