/**
 * The `tensorflow` backend: the kernels of @tensorflow/tfjs-node-gpu on the TensorFlow C library that
 * `trainer/setup/tensorflow.ts` put into the cache folder. Where tfjs composes a gradient of many
 * element-wise operations, the backend calls TensorFlow's fused kernel instead.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { KernelBackend } from '@tensorflow/tfjs-core';
import { tensorflowFolder } from '../setup/tensorflow-folder.ts';
import { require, tf } from './core.ts';
import { primitives } from './primitives.ts';
import { hasFilterGradient, hasOnednnKernels, tensorflowKernels } from './tensorflow-kernels.ts';
import type { Inputs } from './composed-kernels.ts';
import type { Binding, Native } from './tensorflow-native.ts';
import { KERNELS } from './types.ts';
import type { Backend, KernelKey } from './types.ts';

function describe(binding: Binding): string {
  const library = `TensorFlow ${binding.TF_Version}`;
  if (binding.isUsingGpuDevice()) return `${library}, ${gpuName() ?? 'GPU'}`;
  const onednn = process.env['TF_ENABLE_ONEDNN_OPTS'] === '0' ? '' : ', oneDNN';
  const threads = availableParallelism();
  return `${library}, CPU (${threads} ${threads === 1 ? 'thread' : 'threads'}${onednn})`;
}

/** The name of the GPU from NVIDIA's driver on Linux, or null if there is none. */
function gpuName(): string | null {
  const folder = '/proc/driver/nvidia/gpus';
  try {
    const text = readFileSync(join(folder, readdirSync(folder)[0] ?? '', 'information'), 'utf8');
    return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}

/**
 * Loads TensorFlow into this process. `deterministic` (or OVERREAD_DETERMINISTIC=1) switches oneDNN off:
 * then repeated trainings give the same results to the bit, but take twice as long. The library reads this
 * setting only once, so the first call in a process decides.
 * @throws Error whose message is one sentence when TensorFlow was not set up or cannot be loaded
 */
export async function openTensorflow(
  deterministic = process.env['OVERREAD_DETERMINISTIC'] === '1',
): Promise<Backend> {
  const folder = tensorflowFolder();
  const addon = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (!existsSync(addon)) {
    throw new Error('TensorFlow is not set up on this machine: “overread setup” fetches it.');
  }
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // By itself TensorFlow uses oneDNN only on the newest processors, but oneDNN is faster on all of them.
  if (deterministic) process.env['TF_ENABLE_ONEDNN_OPTS'] = '0';
  else process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';

  if (!tf.engine().registryFactory['tensorflow']) {
    require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
    const { NodeJSKernelBackend } =
      require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js') as {
        NodeJSKernelBackend: new (binding: Binding, packageName: string) => KernelBackend;
      };
    const binding = require(addon) as Binding;
    tf.registerBackend(
      'tensorflow',
      () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'),
    );
    await activate();
    const native = tf.backend() as unknown as Native;
    const kernels = tensorflowKernels(native, {
      onednn: hasOnednnKernels(native),
      filterGradient: hasFilterGradient(native),
    });
    for (const [key, kernel] of Object.entries(kernels)) {
      tf.registerKernel({
        kernelName: KERNELS[key as KernelKey],
        backendName: 'tensorflow',
        kernelFunc: ({ inputs, attrs }) => kernel(inputs as Inputs, attrs ?? {}),
      });
    }
  }
  await activate();
  const { binding } = tf.backend() as unknown as Native;
  return {
    name: 'tensorflow',
    device: describe(binding),
    ...primitives(),
    dispose: () => undefined,
  };
}

async function activate(): Promise<void> {
  if (!(await tf.setBackend('tensorflow'))) {
    throw new Error('TensorFlow was loaded but refused to start.');
  }
}
