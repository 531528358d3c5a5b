/**
 * Runs the installer of the package tfjs-node-gpu, for machines that cannot use the wheel (other than
 * Linux on x64, without pip, or without a compiler). The installer fetches an older TensorFlow and a built
 * addon from the storage of the package's maker. It runs in a copy of the package, because an installed
 * application may not write into its own folder.
 */
import { cp } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { bindingPackage } from './addon.ts';
import { run } from './command.ts';
import type { Flavour } from './tensorflow-folder.ts';

/**
 * Installs `lib/napi-v8/tfjs_binding.node` and `deps/lib` into `folder`, a new folder.
 * @throws Error whose message is one sentence
 */
export async function officialInstaller(
  folder: string,
  flavour: Flavour,
  signal?: AbortSignal,
): Promise<void> {
  const source = bindingPackage();
  for (const name of ['package.json', 'binding.gyp', 'binding', 'scripts']) {
    await cp(join(source, name), join(folder, name), { recursive: true });
  }
  // The package is node_modules/@tensorflow/tfjs-node-gpu; the packages that it requires lie in
  // node_modules, two levels up.
  const modules = dirname(dirname(source));
  const { status, stdout, stderr } = await run(
    // In Electron `process.execPath` is the application, which cannot run as Node, so `node` is run.
    [
      process.versions['electron'] === undefined ? process.execPath : 'node',
      ...[join('scripts', 'install.js'), flavour, 'download'],
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        NODE_PATH: modules,
        PATH: `${join(modules, '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      },
      signal,
    },
  );
  if (status !== 0) {
    const said = /\b(?:Error|getaddrinfo|connect|ENOTFOUND|ECONN\w+)[^\n]*/.exec(stderr + stdout);
    throw new Error(
      `TensorFlow's own installer failed: ${said?.[0].replace(/^Error:\s*/, '') ?? `it ended with status ${status}`}`,
    );
  }
}
