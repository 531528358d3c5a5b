/**
 * What nobody uses: files, exports and packages. Two runs (`npm run lint` and `npm test` make both):
 *
 * - `knip`: an export that no other file imports, tests included, loses its `export`.
 * - `knip --production`: an export that only tests import is allowed where its own file uses it too;
 *   what no file of the application uses is dead.
 *
 * A type may be exported for the sake of an exported signature in its file.
 * An `!` marks what belongs to the application.
 * @type {(options: { production?: boolean }) => import('knip').KnipConfig}
 */
export default ({ production = false }) => ({
  entry: [
    // Started by their path.
    'audit/*/{process,worker}.ts!',
    'trainer/main.ts!',
    'electron/audit-process.ts!',
    'electron/preload.cts!',
    'electron/after-pack.mjs!',
    'electron/runtime/package.ts!',
    'renderer/main.ts!',
    'renderer/build.mjs!',
    'renderer/vite.config.ts!',
    'test/bench/*.mjs',
    'test/fuzz/kills/{hook,server,store}.mjs',
    'test/fuzz/packs/server.mjs',
    'test/lock/audit.mjs',
    'test/bench/repair/simulate.ts',
    'test/e2e/screens-datasets.mjs',
  ],
  project: [
    '{audit,electron,models,renderer,trainer,test}/**/*.{ts,cts,mjs,svelte,css}!',
    '!test/**!',
  ],
  ignoreExportsUsedInFile: production || { interface: true, type: true },
  ignoreDependencies: [
    // Loaded by name: each decoder where an image needs it, and the program that makes packages.
    '@cornerstonejs/codec-.+',
    'electron-builder',
    '@cyclonedx/cyclonedx-npm',
  ],
  // Compared with where they are installed.
  ignoreBinaries: ['dciodvfy', 'mkfifo', 'mount', 'script', 'umount'],
});
