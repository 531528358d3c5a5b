/**
 * The `webgpu` backend: tfjs' WebGPU kernels on Dawn (the npm package `webgpu`), for GPUs of any maker
 * with Vulkan, Metal or Direct3D 12. Its results can be read only asynchronously: with `data()`, never
 * with `dataSync()`.
 */
import type { KernelBackend, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { call, composedKernels, flat } from './composed-kernels.ts';
import type { Inputs } from './composed-kernels.ts';
import { require, tf } from './core.ts';
import { primitives } from './primitives.ts';
import { KERNELS } from './types.ts';
import type { Backend, KernelKey } from './types.ts';

/** The part of WebGPU that is used here; the full types would bring in the types of the DOM. */
interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(descriptor: object): Promise<Device>;
}
interface Device {
  onuncapturederror: ((event: { readonly error: Error }) => void) | null;
  destroy(): void;
}
interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>;
}
interface Dawn {
  readonly create: (options: string[]) => Gpu;
  readonly globals: object;
}

/** If a driver does not answer for this long, it counts as broken. */
const PATIENCE_MS = 15_000;

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const;

const host = globalThis as { readonly navigator?: object };

/** The one device of the process and its name, or null before the device is opened. */
let running: { device: Device; name: string } | null = null;

/**
 * Starts WebGPU on the machine's GPU. A software adapter is refused, because `wasm` is faster; with
 * OVERREAD_WEBGPU_SOFTWARE=1 (for tests) it is accepted.
 * @throws Error whose message is one sentence that says why WebGPU does not work here
 */
export async function openWebgpu(): Promise<Backend> {
  running ??= await start();
  const { device, name } = running;
  if (!(await tf.setBackend('webgpu'))) throw new Error('WebGPU refused to start.');
  return {
    name: 'webgpu',
    device: `WebGPU, ${name}`,
    ...primitives(),
    dispose: () => {
      running = null;
      tf.removeBackend('webgpu');
      device.destroy();
      // While `navigator.gpu` refers to Dawn, the process would not end.
      Reflect.deleteProperty(host.navigator ?? {}, 'gpu');
    },
  };
}

async function start(): Promise<{ device: Device; name: string }> {
  const { create, globals } = await import('webgpu').then(
    (dawn) => dawn as unknown as Dawn,
    (error: Error) => {
      throw new Error(`WebGPU's library cannot be loaded: ${error.message}`, { cause: error });
    },
  );
  Object.assign(globalThis, globals);
  const gpu = create([]);
  const adapter = await inTime(gpu.requestAdapter({ powerPreference: 'high-performance' }));
  if (!adapter) {
    throw new Error('There is no GPU that WebGPU can use (Vulkan, Metal or Direct3D 12).');
  }
  const { info } = adapter;
  const name = info.description || `${info.vendor} ${info.architecture}`.trim() || 'a GPU';
  const software = info.isFallbackAdapter === true || /llvmpipe|swiftshader/i.test(name);
  if (software && process.env['OVERREAD_WEBGPU_SOFTWARE'] !== '1') {
    throw new Error(`The only WebGPU adapter is software (${name}), slower than wasm.`);
  }
  const device = await inTime(
    adapter.requestDevice({
      requiredFeatures: [],
      requiredLimits: Object.fromEntries(LIMITS.map((limit) => [limit, adapter.limits[limit]])),
    }),
  );
  // After an error the GPU's results are wrong: ends the process, so that it does not train on them.
  device.onuncapturederror = ({ error }) => {
    setImmediate(() => {
      throw new Error(`The GPU reported an error: ${error.message.split('\n')[0]}`);
    });
  };
  expose(gpu);
  register(device, info);
  return { device, name };
}

/** Puts the GPU at `navigator.gpu`, where tfjs looks for it. Node has a `navigator` from version 21 on. */
function expose(gpu: Gpu): void {
  if (host.navigator === undefined) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  Object.defineProperty(host.navigator, 'gpu', { value: gpu, configurable: true });
}

function register(device: Device, info: Adapter['info']): void {
  const { WebGPUBackend } = require('@tensorflow/tfjs-backend-webgpu') as {
    WebGPUBackend: new (device: Device, info: Adapter['info']) => KernelBackend;
  };
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info));
  if (tf.getKernel(KERNELS.conv, 'webgpu')) return;
  registerCast();
  const kernels = composedKernels({
    channelSums: (x, factor = 1) => tf.mul(tf.sum(flat(x), 0), factor),
    filterGradient,
  });
  for (const [key, kernel] of Object.entries(kernels)) {
    tf.registerKernel({
      kernelName: KERNELS[key as KernelKey],
      backendName: 'webgpu',
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => kernel(inputs as Inputs, attrs ?? {})),
    });
  }
}

/**
 * Replaces the cast to float32. tfjs casts a bool or an int32 by changing its type only: the memory still
 * holds integers, and some shaders (for example, that of the transposition before a sum) then do not
 * compile. A product with 1 gives real floats.
 */
function registerCast(): void {
  const cast = tf.getKernel('Cast', 'webgpu');
  tf.unregisterKernel('Cast', 'webgpu');
  tf.registerKernel({
    ...cast,
    kernelFunc: (given) => {
      const x = given.inputs['x'] as Tensor;
      const integers = x.dtype === 'bool' || x.dtype === 'int32';
      if (!integers || given.attrs?.['dtype'] !== 'float32') return cast.kernelFunc(given);
      return tf.tidy(() => call('Multiply', { a: x, b: tf.scalar(1) }, {}));
    },
  });
}

/**
 * The gradient of a filter: for each tap, one matrix product of dy with x shifted by the tap. A matrix
 * product is fast, because tfjs splits its long sums into parts that are computed at the same time.
 */
function filterGradient(x: Tensor4D, dy: Tensor4D, shape: number[]): Tensor {
  const [kh, kw] = shape as [number, number];
  const [top, left] = [(kh - 1) / 2, (kw - 1) / 2];
  const padded = tf.pad(x, [
    [0, 0],
    [top, top],
    [left, left],
    [0, 0],
  ]);
  const taps: Tensor[] = [];
  for (let i = 0; i < kh; i += 1) {
    for (let j = 0; j < kw; j += 1) {
      taps.push(tf.matMul(flat(tf.slice(padded, [0, i, j, 0], x.shape)), flat(dy), true));
    }
  }
  return tf.reshape(tf.stack(taps), shape);
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The GPU driver did not answer in ${PATIENCE_MS / 1000} seconds.`)),
      PATIENCE_MS,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
