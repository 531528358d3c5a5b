/** The `wasm` backend: tfjs' WebAssembly backend, with added kernels that training needs. */
import { availableParallelism } from 'node:os';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Inputs } from './composed-kernels.ts';
import { tf } from './core.ts';
import { primitives } from './primitives.ts';
import { KERNELS } from './types.ts';
import type { Backend, KernelKey } from './types.ts';
import { splitChannels, wasmKernels } from './wasm-kernels.ts';
import { registerWasm, wasmThreads } from './wasm-module.ts';

/** tfjs-backend-wasm starts at most this many threads. */
const MOST_THREADS = 4;

/** Whether the module was started; a process starts it only once. */
let started = false;

/**
 * Starts the WebAssembly backend with one thread for each processor, 4 at most.
 * @throws Error whose message is one sentence when WebAssembly cannot be started.
 */
export async function openWasm(): Promise<Backend> {
  if (!started) {
    await registerWasm(Math.min(MOST_THREADS, availableParallelism()));
    registerKernels();
    started = true;
  }
  if (!(await tf.setBackend('wasm'))) throw new Error('WebAssembly refused to start.');
  const threads = wasmThreads();
  return {
    name: 'wasm',
    device: `WebAssembly, CPU (${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    ...primitives(),
    dispose: () => undefined,
  };
}

function registerKernels(): void {
  for (const [key, kernel] of Object.entries(wasmKernels)) {
    tf.registerKernel({
      kernelName: KERNELS[key as KernelKey],
      backendName: 'wasm',
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(inputs as Inputs, attrs ?? {})),
    });
  }
  const split = tf.getKernel('SplitV', 'wasm');
  tf.unregisterKernel('SplitV', 'wasm');
  tf.registerKernel({
    ...split,
    kernelFunc: (call) => {
      const x = call.inputs['x'] as Tensor;
      const { numOrSizeSplits: sizes, axis } = call.attrs as {
        numOrSizeSplits: number | number[];
        axis: number;
      };
      const channels = x.rank === 4 && x.dtype === 'float32' && (axis === 3 || axis === -1);
      return channels && Array.isArray(sizes) && sizes.every((size) => size > 0)
        ? splitChannels(x, sizes)
        : split.kernelFunc(call);
    },
  });
}
