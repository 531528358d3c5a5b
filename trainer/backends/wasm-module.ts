/**
 * Starts tfjs' WebAssembly module in Node, with threads. The package's own start-up uses threads
 * only in a browser, where it makes a blob of its worker script. If the module is told where its files are,
 * its binary with threads runs unchanged on Node's worker_threads.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { require, tf } from './core.ts';

interface WasmModule {
  tfjs?: Record<string, (...values: number[]) => number>;
  readonly PThread?: { readonly runningWorkers: { unref(): void }[] };
  cwrap(name: string, returns: string | null, parameters: string[]): (...v: number[]) => number;
}
type Factory = (options: Record<string, unknown>) => Promise<WasmModule>;
interface WasmPackage {
  readonly getThreadsCount: () => number;
  readonly BackendWasm: new (module: WasmModule) => KernelBackend;
}

const HANDLED = ['uncaughtException', 'unhandledRejection'] as const;

/** The worker's code as a module for `new Worker`; the package keeps it as a string, for browsers. */
function workerScript(folder: string): URL {
  const file = join(folder, 'tfjs-backend-wasm-threaded-simd.worker.js');
  const { wasmWorkerContents } = require(file) as { wasmWorkerContents: string };
  const code = [
    "import { createRequire } from 'node:module';",
    `const __filename = ${JSON.stringify(file)};`,
    'const require = createRequire(__filename);',
    // The package's text has real line breaks inside string literals, which must be written as \n.
    wasmWorkerContents.replaceAll('\n', '\\n'),
  ].join('\n');
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

/**
 * Loads the package's module. The module starts half as many threads as it sees processors, at most 4,
 * and ignores later settings. So this function shows it twice as many processors as `threads`.
 */
function loadFactory(script: string, threads: number): Factory {
  const module = { exports: {} as Factory | { default: Factory } };
  const here = createRequire(script);
  const os = { ...(here('node:os') as object), cpus: () => new Array<null>(threads * 2) };
  const evaluate = compileFunction(
    readFileSync(script, 'utf8'),
    ['module', 'exports', 'require', '__filename', '__dirname'],
    { filename: script },
  ) as (...scope: unknown[]) => void;
  const given = (name: string): unknown => (name === 'os' ? os : here(name));
  evaluate(module, module.exports, given, script, dirname(script));
  return typeof module.exports === 'function' ? module.exports : module.exports.default;
}

async function instantiate(threads: number): Promise<WasmModule> {
  const main = require.resolve('@tensorflow/tfjs-backend-wasm');
  const folder = join(dirname(dirname(main)), 'wasm-out');
  const script = join(folder, 'tfjs-backend-wasm-threaded-simd.js');
  const before = HANDLED.map((event) => process.listeners(event as 'uncaughtException'));
  const starting = loadFactory(
    script,
    threads,
  )({
    locateFile: (name: string) =>
      name.endsWith('.worker.js') ? workerScript(folder) : join(folder, name),
    mainScriptUrlOrBlob: script,
  });
  // The module adds listeners that throw every error of the process again. This removes them.
  for (const [index, event] of HANDLED.entries()) {
    for (const listener of process.listeners(event as 'uncaughtException')) {
      if (!before[index]?.includes(listener)) process.removeListener(event, listener);
    }
  }
  const module = await starting;
  const wrap = (name: string, returns: string | null, ...parameters: string[]) =>
    module.cwrap(name, returns, parameters);
  // The package's own start-up makes the same table of functions.
  module.tfjs = {
    init: wrap('init', null),
    initWithThreadsCount: wrap('init_with_threads_count', null, 'number'),
    getThreadsCount: wrap('get_threads_count', 'number'),
    registerTensor: wrap('register_tensor', null, 'number', 'number', 'number'),
    disposeData: wrap('dispose_data', null, 'number'),
    dispose: wrap('dispose', null),
  };
  return module;
}

/**
 * Registers the tfjs backend `wasm`.
 * @param threads 1 to 4
 */
export async function registerWasm(threads: number): Promise<void> {
  const { BackendWasm } = require('@tensorflow/tfjs-backend-wasm') as WasmPackage;
  const module = await instantiate(threads);
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => {
    const backend = new BackendWasm(module);
    // The backend's threads wait for work for ever; `unref` lets the process end all the same.
    for (const worker of module.PThread?.runningWorkers ?? []) worker.unref();
    return backend;
  });
}

/** The number of threads that the running backend has in fact. */
export function wasmThreads(): number {
  return (require('@tensorflow/tfjs-backend-wasm') as WasmPackage).getThreadsCount();
}
