/**
 * Adam (Kingma, Ba, ICLR 2015) on all parameters of a network at once. The parameters are laid end to
 * end, so a step takes about twenty native calls instead of ten for each of a hundred arrays. β1 = 0.9,
 * β2 = 0.999, ε = 1e-8 outside the root, bias-corrected: PyTorch's defaults.
 */
import type { Tensor, Tensor1D, Variable } from '@tensorflow/tfjs-core';
import type { Weights } from '../models/weights.ts';
import type { Tf } from './backends/types.ts';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

export class Adam {
  readonly #tf: Tf;
  readonly #variables: readonly Variable[];
  readonly #rate: number;
  #steps = 0;
  #first: Tensor1D;
  #second: Tensor1D;

  constructor(tf: Tf, variables: readonly Variable[], rate: number) {
    this.#tf = tf;
    this.#variables = variables;
    this.#rate = rate;
    const size = variables.reduce((sum, variable) => sum + variable.size, 0);
    this.#first = tf.keep(tf.zeros([size]));
    this.#second = tf.keep(tf.zeros([size]));
  }

  /** @param gradients in the order of the variables; the caller frees them. */
  step(gradients: readonly Tensor[]): void {
    const tf = this.#tf;
    this.#steps += 1;
    const correction1 = 1 - BETA1 ** this.#steps;
    const correction2 = 1 - BETA2 ** this.#steps;
    const [first, second] = tf.tidy(() => {
      const gradient = tf.concat1d(gradients.map((one) => tf.reshape(one, [-1])));
      const m = tf.add(tf.mul(this.#first, BETA1), tf.mul(gradient, 1 - BETA1));
      const v = tf.add(tf.mul(this.#second, BETA2), tf.mul(tf.square(gradient), 1 - BETA2));
      // The change is rate · (m/c1) / (√(v/c2) + ε), with the bias corrections c1 and c2. Here all
      // constants are in two factors, which saves two passes over the parameters.
      const root = Math.sqrt(correction2);
      const scaled = tf.div(m, tf.add(tf.sqrt(v), EPSILON * root));
      const change = tf.mul(scaled, (this.#rate * root) / correction1);
      const parts = tf.split(
        change,
        this.#variables.map((variable) => variable.size),
      );
      this.#variables.forEach((variable, index) => {
        variable.assign(tf.sub(variable, tf.reshape(parts[index], variable.shape)));
      });
      return [m as Tensor1D, v as Tensor1D];
    });
    this.#first.dispose();
    this.#second.dispose();
    this.#first = tf.keep(first);
    this.#second = tf.keep(second);
  }

  /** The moments and the number of steps, for a checkpoint. */
  async state(): Promise<Weights> {
    return new Map([
      ['steps', Float32Array.of(this.#steps)],
      ['first', Float32Array.from(await this.#first.data<'float32'>())],
      ['second', Float32Array.from(await this.#second.data<'float32'>())],
    ]);
  }

  /** Takes over the `state()` of an optimiser of the same network. */
  load(state: Weights): void {
    const [steps, first, second] = ['steps', 'first', 'second'].map((name) => state.get(name));
    if (!steps || first?.length !== this.#first.size || second?.length !== this.#second.size) {
      throw new Error('the optimiser state belongs to another network');
    }
    this.#steps = steps[0];
    this.#first.dispose();
    this.#second.dispose();
    this.#first = this.#tf.tensor1d(first);
    this.#second = this.#tf.tensor1d(second);
  }
}
