/**
 * Starts tfjs' WebAssembly module in Node, with threads. The package's own start-up refuses threads
 * outside a browser (its worker script is a blob there); with the files named, its threaded binary
 * runs on worker_threads as it is.
 */
import { dirname, join } from 'node:path';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { require, tf } from './core.ts';

interface WasmModule {
  tfjs?: Record<string, (...values: number[]) => number>;
  cwrap(name: string, returns: string | null, parameters: string[]): (...v: number[]) => number;
}
type Factory = (options: Record<string, unknown>) => Promise<WasmModule>;
interface WasmPackage {
  readonly BackendWasm: new (module: WasmModule) => KernelBackend;
  readonly setThreadsCount: (count: number) => void;
}

async function instantiate(threaded: boolean): Promise<WasmModule> {
  const main = require.resolve('@tensorflow/tfjs-backend-wasm');
  const folder = join(dirname(dirname(main)), 'wasm-out');
  const script = join(
    folder,
    threaded ? 'tfjs-backend-wasm-threaded-simd.js' : 'tfjs-backend-wasm-simd.js',
  );
  const loaded = require(script) as Factory | { default: Factory };
  const factory = typeof loaded === 'function' ? loaded : loaded.default;
  const module = await factory({
    locateFile: (name: string) => join(folder, name),
    mainScriptUrlOrBlob: script,
  });
  const wrap = (name: string, returns: string | null, ...parameters: string[]) =>
    module.cwrap(name, returns, parameters);
  // The same table that the package's own start-up makes.
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

/** Registers the tfjs backend `wasm` with `threads` threads (1: the binary without threads). */
export async function registerWasm(threads: number): Promise<void> {
  const { BackendWasm, setThreadsCount } = require('@tensorflow/tfjs-backend-wasm') as WasmPackage;
  const module = await instantiate(threads > 1);
  tf.removeBackend('wasm');
  if (threads > 1) setThreadsCount(threads);
  tf.registerBackend('wasm', () => new BackendWasm(module));
}
