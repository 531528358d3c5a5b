/** Finds out whether a backend works on this machine, with one small training step. */
import type { Rank, Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { openOnly, sentence } from './backends/index.ts';
import type { BackendName } from './messages.ts';

export interface Probed {
  readonly works: boolean;
  /** The name of the processor or GPU, or null if the backend does not work. */
  readonly device: string | null;
  /** One sentence: the step worked, or why the backend does not work. */
  readonly why: string;
}

/**
 * Opens the backend and takes one training step on a tiny network. A native library can crash its whole
 * process: call this in the trainer's process, not in the application's.
 */
export async function tryBackend(name: BackendName): Promise<Probed> {
  try {
    const backend = await openOnly(name);
    const { tf } = backend;
    const start = performance.now();
    const losses = tf.tidy(() => {
      const x = tf.fill<Rank.R4>([2, 8, 8, 2], 0.5);
      const filter = tf.fill<Rank.R4>([3, 3, 2, 4], 0.1);
      const loss = (weights: Tensor): Scalar => {
        const seen = backend.conv2d(x, weights as Tensor4D, null, 'relu');
        const planes = backend.maxPool2x2(seen);
        return tf.mean(tf.square(backend.upsample2x(planes)));
      };
      const step = tf.mul(tf.grad(loss)(filter), 0.01);
      return [loss(filter), loss(tf.sub(filter, step))];
    });
    // The losses are read only here, because WebGPU's results can only be read asynchronously.
    const [before, after] = await Promise.all(losses.map(async (loss) => (await loss.data())[0]));
    tf.dispose(losses);
    const milliseconds = Math.round(performance.now() - start);
    if (!(after < before)) {
      return { works: false, device: null, why: 'A training step did not lower the loss.' };
    }
    const { device } = backend;
    return { works: true, device, why: `A training step worked (${milliseconds} ms).` };
  } catch (error) {
    return { works: false, device: null, why: `${sentence(error)}.` };
  }
}
