/**
 * The `tensorflow` backend: @tensorflow/tfjs-node-gpu's kernels on the TensorFlow C library that
 * `trainer/setup/tensorflow.ts` put into the cache folder. Where tfjs composes a gradient of many
 * element-wise operations, the native fused kernel is called through the same door.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { KernelBackend, KernelConfig, Tensor } from '@tensorflow/tfjs-core';
import { tensorflowFolder } from '../setup/tensorflow-folder.ts';
import { require, tf } from './core.ts';
import { primitives } from './primitives.ts';
import { KERNELS } from './types.ts';
import type { Backend, KernelKey } from './types.ts';

interface Binding {
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  isUsingGpuDevice(): boolean;
}

interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean | number[];
}

/** What is used of tfjs-node's backend. */
interface NodeBackend {
  readonly binding: Binding;
  executeSingleOutput(name: string, attributes: Attribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: Attribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

type Inputs = Record<string, Tensor>;
type Kernel = (native: NodeBackend, inputs: Inputs, attrs: Record<string, unknown>) => unknown;

/** Attribute lists never change: one of each is made when the library is loaded. */
function attributes(binding: Binding) {
  const type: Attribute = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const layout: Attribute = { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' };
  const ints = (name: string, value: number[]): Attribute => ({
    name,
    type: binding.TF_ATTR_INT,
    value,
  });
  const text = (name: string, value: string): Attribute => ({
    name,
    type: binding.TF_ATTR_STRING,
    value,
  });
  const flag = (name: string, value: boolean): Attribute => ({
    name,
    type: binding.TF_ATTR_BOOL,
    value,
  });
  return {
    typed: [type],
    bias: [type, layout],
    conv: [
      type,
      layout,
      ints('strides', [1, 1, 1, 1]),
      ints('dilations', [1, 1, 1, 1]),
      text('padding', 'SAME'),
      flag('use_cudnn_on_gpu', true),
    ],
    pool: [
      type,
      layout,
      ints('ksize', [1, 2, 2, 1]),
      ints('strides', [1, 2, 2, 1]),
      text('padding', 'VALID'),
    ],
    resize: [type, flag('align_corners', false), flag('half_pixel_centers', false)],
    resizeGrad: [type, flag('align_corners', false), flag('half_pixel_centers', false)],
    batchNorm: (epsilon: number): Attribute[] => [
      type,
      { name: 'U', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      layout,
      { name: 'epsilon', type: binding.TF_ATTR_FLOAT, value: epsilon },
      flag('is_training', true),
    ],
  };
}

function kernels(binding: Binding): Record<KernelKey, Kernel> {
  const attribute = attributes(binding);
  /** Shapes go in as int32 tensors, again and again the same ones. */
  const shapes = new Map<string, Tensor>();
  const shapeTensor = (shape: readonly number[]): Tensor => {
    const key = shape.join();
    let tensor = shapes.get(key);
    if (tensor === undefined) {
      tensor = tf.keep(tf.tensor1d([...shape], 'int32'));
      shapes.set(key, tensor);
    }
    return tensor;
  };
  /** TensorFlow wants a value for the running statistics that it does not use in training. */
  const none = tf.keep(tf.tensor1d([]));

  return {
    conv: (native, { x, filter, bias }, attrs) => {
      let y = native.executeSingleOutput('Conv2D', attribute.conv, [x, filter]);
      const replace = (next: Tensor): void => {
        y.dispose();
        y = next;
      };
      if (bias) replace(native.executeSingleOutput('BiasAdd', attribute.bias, [y, bias]));
      if (attrs['relu'] === true) {
        replace(native.executeSingleOutput('Relu', attribute.typed, [y]));
      }
      return y;
    },
    convInputGrad: (native, { dy, filter }) => {
      const [batch, height, width] = dy.shape as [number, number, number];
      const size = shapeTensor([batch, height, width, filter.shape[2]!]);
      return native.executeSingleOutput('Conv2DBackpropInput', attribute.conv, [size, filter, dy]);
    },
    convFilterGrad: (native, { x, dy }, attrs) =>
      native.executeSingleOutput('Conv2DBackpropFilter', attribute.conv, [
        x,
        shapeTensor(attrs['shape'] as number[]),
        dy,
      ]),
    biasGrad: (native, { dy }) => native.executeSingleOutput('BiasAddGrad', attribute.bias, [dy]),
    relu: (native, { x }) => native.executeSingleOutput('Relu', attribute.typed, [x]),
    reluGrad: (native, { dy, y }) =>
      native.executeSingleOutput('ReluGrad', attribute.typed, [dy, y]),
    maxPool: (native, { x }) => native.executeSingleOutput('MaxPool', attribute.pool, [x]),
    maxPoolGrad: (native, { dy, x, y }) =>
      native.executeSingleOutput('MaxPoolGrad', attribute.pool, [x, y, dy]),
    upsample: (native, { x }) => {
      const size = shapeTensor([x.shape[1]! * 2, x.shape[2]! * 2]);
      return native.executeSingleOutput('ResizeNearestNeighbor', attribute.resize, [x, size]);
    },
    upsampleGrad: (native, { dy }) => {
      const size = shapeTensor([dy.shape[1]! / 2, dy.shape[2]! / 2]);
      return native.executeSingleOutput('ResizeNearestNeighborGrad', attribute.resizeGrad, [
        dy,
        size,
      ]);
    },
    batchNorm: (native, { x, scale, offset }, attrs) => {
      const values = x.size / x.shape[3]!;
      const [y, mean, unbiased, a, b, c] = native.executeMultipleOutputs(
        'FusedBatchNormV3',
        attribute.batchNorm(attrs['epsilon'] as number),
        [x, scale, offset, none, none],
        6,
      ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];
      // TensorFlow hands out the variance as divided by one less (Bessel).
      const variance = tf.mul(unbiased, (values - 1) / values);
      unbiased.dispose();
      return [y, mean, variance, a, b, c];
    },
    batchNormGrad: (native, { dy, x, scale, a, b, c }, attrs) => {
      const [dx, dScale, dOffset, d, e] = native.executeMultipleOutputs(
        'FusedBatchNormGradV3',
        attribute.batchNorm(attrs['epsilon'] as number),
        [dy, x, scale, a, b, c],
        5,
      ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
      d.dispose();
      e.dispose();
      return [dx, dScale, dOffset];
    },
  };
}

function describe(binding: Binding): string {
  const library = `TensorFlow ${binding.TF_Version}`;
  if (binding.isUsingGpuDevice()) return `${library}, NVIDIA GPU`;
  const plain = process.env['TF_ENABLE_ONEDNN_OPTS'] === '0';
  const threads = cpus().length;
  return `${library}, CPU (${threads} ${threads === 1 ? 'thread' : 'threads'}${plain ? '' : ', oneDNN'})`;
}

/**
 * Loads TensorFlow into this process.
 * `deterministic` (or OVERREAD_DETERMINISTIC=1) switches oneDNN off: bit-stable, half as fast. The
 * library reads it once: the first call in a process decides.
 * @throws Error in one sentence when it was not set up or cannot be loaded.
 */
export async function openTensorflow(
  deterministic = process.env['OVERREAD_DETERMINISTIC'] === '1',
): Promise<Backend> {
  const folder = tensorflowFolder();
  const addon = join(folder, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (!existsSync(addon)) {
    throw new Error('TensorFlow is not set up on this machine: the set-up step fetches it.');
  }
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  // TensorFlow itself switches oneDNN on for the newest processors only; it is faster on all of them.
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
    for (const [key, kernel] of Object.entries(kernels(binding))) {
      tf.registerKernel({
        kernelName: KERNELS[key as KernelKey],
        backendName: 'tensorflow',
        kernelFunc: ({ inputs, attrs, backend }) =>
          kernel(backend as NodeBackend, inputs as Inputs, attrs ?? {}),
      } as KernelConfig);
    }
  }
  await activate();
  const { binding } = tf.backend() as unknown as NodeBackend;
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
