/**
 * Builds tfjs-node's native addon, with one operation of our own, from the sources in its package and an
 * unpacked TensorFlow. Node's headers come from the package `node-api-headers`, so the result runs on any
 * Node.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstThatRuns, run } from './command.ts';

const require = createRequire(import.meta.url);

/** The folder of the package tfjs-node-gpu. */
function bindingPackage(): string {
  return dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'));
}

/**
 * The C++ file of our own operation, or an empty array if it is missing. It lies beside this file, but
 * `dist/` has no copy: code that runs from there takes it from the sources.
 */
function ownOperation(): string[] {
  const places = [
    './native/filter_gradient.cc',
    '../../../trainer/setup/native/filter_gradient.cc',
  ];
  const files = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return files.filter((file) => existsSync(file)).slice(0, 1);
}

/** The command of a C++ compiler that runs, or null if there is none. The variable `CXX` is tried first. */
export function findCompiler(): Promise<readonly string[] | null> {
  const asked = process.env['CXX'];
  const names = [...(asked ? [asked] : []), 'g++', 'c++', 'clang++'];
  return firstThatRuns(
    names.map((name) => [name]),
    ['--version'],
  );
}

const isMac = process.platform === 'darwin';
/** macOS finds Node's functions only when the addon is loaded. */
const LINKED = isMac ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
/** How the linker names the folder of the addon. */
const OWN_PLACE = isMac ? '@loader_path' : '$ORIGIN';

/**
 * Compiles `folder/lib/napi-v8/tfjs_binding.node` against `folder/deps/lib` with the headers in
 * `folder/include`; this takes some five seconds.
 * @throws Error with the compiler's first error message
 */
export async function buildAddon(
  compiler: readonly string[],
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const sources = join(bindingPackage(), 'binding');
  const { include_dir: nodeHeaders } = require('node-api-headers') as { include_dir: string };
  const output = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  await mkdir(dirname(output), { recursive: true });
  const { status, stderr } = await run(
    [
      ...compiler,
      ...['-std=c++17', '-O2', '-fPIC', ...LINKED, '-pthread', '-w'],
      ...['-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
      ...[`-I${nodeHeaders}`, `-I${join(folder, 'include')}`, `-I${sources}`],
      ...[join(sources, 'tfjs_backend.cc'), join(sources, 'tfjs_binding.cc'), ...ownOperation()],
      ...[`-L${join(folder, 'deps', 'lib')}`, '-ltensorflow', '-ltensorflow_framework'],
      `-Wl,-rpath,${OWN_PLACE}/../../deps/lib`,
      ...['-o', output],
    ],
    { signal },
  );
  if (status !== 0) {
    const complaint = /error: .*/.exec(stderr)?.[0] ?? stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`TensorFlow's addon could not be compiled with ${compiler[0]}: ${complaint}`);
  }
}
