/**
 * The primitives of `Backend`, as tfjs kernels with gradients. A backend registers the kernels of
 * `KERNELS` under its own name; this file registers the gradients once for all backends. A gradient that
 * is not needed (the image's, say) is never computed.
 */
import type { Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import { tf } from './core.ts';
import { KERNELS } from './types.ts';
import type { Backend } from './types.ts';

type Attributes = Record<string, string | number | boolean | number[]>;

function run<T>(name: string, inputs: Record<string, Tensor>, attributes: Attributes = {}): T {
  return tf.engine().runKernel(name, inputs, attributes) as T;
}

let registered = false;

function registerGradients(): void {
  if (registered) return;
  registered = true;

  tf.registerGradient({
    kernelName: KERNELS.conv,
    inputsToSave: ['x', 'filter'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, filter, y] = saved as [Tensor4D, Tensor4D, Tensor4D];
      // Computed here for all three functions below: tfjs frees what one of them computes when it returns.
      const upstream =
        attrs['relu'] === true
          ? run<Tensor>(KERNELS.reluGrad, { dy: dy as Tensor, y })
          : (dy as Tensor);
      return {
        x: () => run<Tensor>(KERNELS.convInputGrad, { dy: upstream, filter }),
        filter: () =>
          run<Tensor>(KERNELS.convFilterGrad, { x, dy: upstream }, { shape: filter.shape }),
        bias: () => run<Tensor>(KERNELS.biasGrad, { dy: upstream }),
      };
    },
  });

  tf.registerGradient({
    kernelName: KERNELS.relu,
    outputsToSave: [true],
    gradFunc: (dy, saved) => ({
      x: () => run<Tensor>(KERNELS.reluGrad, { dy: dy as Tensor, y: saved[0] }),
    }),
  });

  tf.registerGradient({
    kernelName: KERNELS.maxPool,
    inputsToSave: ['x'],
    // On some backends the kernel has a second output, the places of the maxima.
    outputsToSave: [true, true],
    gradFunc: (dys, saved) => {
      const [x, y, memory] = saved;
      const dy = Array.isArray(dys) ? dys[0] : dys;
      return {
        x: () => run<Tensor>(KERNELS.maxPoolGrad, memory ? { dy, x, y, memory } : { dy, x, y }),
      };
    },
  });

  tf.registerGradient({
    kernelName: KERNELS.upsample,
    gradFunc: (dy) => ({ x: () => run<Tensor>(KERNELS.upsampleGrad, { dy: dy as Tensor }) }),
  });

  tf.registerGradient({
    kernelName: KERNELS.batchNorm,
    inputsToSave: ['x', 'scale'],
    // The caller gets the outputs y, mean and variance; the kernel of the gradient needs the other three.
    outputsToSave: [false, false, false, true, true, true],
    gradFunc: (dy, saved, attrs) => {
      const [x, scale, a, b, c] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
      const [dx, dScale, dOffset] = run<[Tensor, Tensor, Tensor]>(
        KERNELS.batchNormGrad,
        { dy: (dy as Tensor[])[0], x, scale, a, b, c },
        { epsilon: attrs['epsilon'] as number },
      );
      return { x: () => dx, scale: () => dScale, offset: () => dOffset };
    },
  });
}

/** The differentiable primitives, which call the kernels that the active tfjs backend has registered. */
export function primitives(): Omit<Backend, 'name' | 'device' | 'dispose'> {
  registerGradients();
  return {
    tf,
    conv2d: (x, filter, bias, activation) =>
      run<Tensor4D>(KERNELS.conv, bias === null ? { x, filter } : { x, filter, bias }, {
        relu: activation === 'relu',
      }),
    relu: <T extends Tensor>(x: T): T => run<T>(KERNELS.relu, { x }),
    maxPool2x2: (x) => run<Tensor4D[]>(KERNELS.maxPool, { x })[0],
    upsample2x: (x) => run<Tensor4D>(KERNELS.upsample, { x }),
    batchNormTrain: (x, scale, offset, epsilon) => {
      const [y, mean, variance] = run<[Tensor4D, Tensor1D, Tensor1D]>(
        KERNELS.batchNorm,
        { x, scale, offset },
        { epsilon },
      );
      return { y, mean, variance };
    },
    batchNormInference: (x, scale, offset, mean, variance, epsilon) =>
      tf.batchNorm4d(x, mean, variance, offset, scale, epsilon),
  };
}
