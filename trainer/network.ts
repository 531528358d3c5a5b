/** Runs a network of `models/`: parameters become variables, layers are computed in order. */
import type { Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { BATCH_NORM_EPSILON, parametersOf, statisticsOf } from '../models/graph.ts';
import type { Graph, Layer } from '../models/graph.ts';
import type { Weights } from '../models/weights.ts';
import type { Backend } from './backends/types.ts';

/** Called with the statistics that a batch normalisation measured on one batch. */
export type ObserveStatistics = (layer: string, mean: Tensor1D, variance: Tensor1D) => void;

/** Share of the old value that the running statistics keep at every step. */
const MOMENTUM = 0.9;

let instances = 0;

export class Network {
  readonly graph: Graph;
  /** The trainable variables, in the order of `parametersOf`. */
  readonly variables: Variable[];
  readonly #backend: Backend;
  readonly #byName: Map<string, Variable>;
  readonly #statistics: Map<string, { mean: Variable; variance: Variable }>;

  constructor(backend: Backend, graph: Graph, weights: Weights) {
    this.#backend = backend;
    this.graph = graph;
    const { tf } = backend;
    // TensorFlow.js registers variables by name for the whole process: each network needs names of its own.
    const prefix = `${graph.name}${instances++}`;
    this.#byName = new Map(
      parametersOf(graph).map(({ name, shape }) => [
        name,
        tf.tidy(() =>
          tf.variable(tf.tensor(take(weights, name), [...shape]), true, `${prefix}/${name}`),
        ),
      ]),
    );
    this.variables = [...this.#byName.values()];
    this.#statistics = new Map(
      statisticsOf(graph).map(({ name }) => [
        name,
        tf.tidy(() => ({
          mean: tf.variable(tf.tensor1d(take(weights, `${name}/mean`)), false),
          variance: tf.variable(tf.tensor1d(take(weights, `${name}/variance`)), false),
        })),
      ]),
    );
  }

  /**
   * Computes the layers with the batch's own statistics; differentiable.
   * @param input [batch, height, width, channels]
   * @param observe gets every batch statistic; if it is missing, the running statistics are updated
   * @returns the graph's outputs, by the names that `graph.outputs` gives them
   */
  train(input: Tensor4D, observe?: ObserveStatistics): Record<string, Tensor> {
    return this.#walk(input, (layer, x) => {
      if (x.rank === 2) return this.#centre(x as Tensor2D, layer.name, observe);
      const { y, mean, variance } = this.#backend.batchNormTrain(
        x as Tensor4D,
        this.#get(`${layer.name}/scale`),
        this.#get(`${layer.name}/offset`),
        BATCH_NORM_EPSILON,
      );
      this.#observed(layer.name, mean, variance, observe);
      return y;
    });
  }

  /** Computes the layers with the running statistics, as scoring does. */
  infer(input: Tensor4D): Record<string, Tensor> {
    const { tf } = this.#backend;
    return tf.tidy(() =>
      this.#walk(input, (layer, x) => {
        const { mean, variance } = this.#statisticsOf(layer.name);
        if (x.rank === 2) {
          return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
        }
        return this.#backend.batchNormInference(
          x as Tensor4D,
          this.#get(`${layer.name}/scale`),
          this.#get(`${layer.name}/offset`),
          mean as unknown as Tensor1D,
          variance as unknown as Tensor1D,
          BATCH_NORM_EPSILON,
        );
      }),
    );
  }

  /** The current parameters and running statistics, by name. */
  async weights(): Promise<Weights> {
    const weights: Weights = new Map();
    for (const [name, variable] of this.#byName) weights.set(name, await values(variable));
    for (const [name, { mean, variance }] of this.#statistics) {
      weights.set(`${name}/mean`, await values(mean));
      weights.set(`${name}/variance`, await values(variance));
    }
    return weights;
  }

  /** Replaces the weights by others of the same graph. */
  load(weights: Weights): void {
    const { tf } = this.#backend;
    const assign = (variable: Variable, name: string): void => {
      const value = tf.tensor(take(weights, name), variable.shape);
      variable.assign(value);
      value.dispose();
    };
    for (const [name, variable] of this.#byName) assign(variable, name);
    for (const [name, { mean, variance }] of this.#statistics) {
      assign(mean, `${name}/mean`);
      assign(variance, `${name}/variance`);
    }
  }

  dispose(): void {
    for (const variable of this.variables) variable.dispose();
    for (const { mean, variance } of this.#statistics.values()) {
      mean.dispose();
      variance.dispose();
    }
  }

  #walk(input: Tensor4D, normalise: (layer: Layer, x: Tensor) => Tensor): Record<string, Tensor> {
    const backend = this.#backend;
    const { tf } = backend;
    const variable = <T extends Tensor>(name: string): T => this.#get<T>(name);
    const done = new Map<string, Tensor>([[this.graph.input.name, input]]);
    const planes = (name: string): Tensor4D => done.get(name) as Tensor4D;
    // A ReLU right after a convolution is computed together with it, which is cheaper.
    const fused = new Set(
      this.graph.layers.flatMap((layer) => (layer.op === 'relu' ? [layer.input] : [])),
    );
    const convolutions = new Set(
      this.graph.layers.flatMap((layer) => (layer.op === 'conv' ? [layer.name] : [])),
    );
    for (const layer of this.graph.layers) {
      done.set(layer.name, step(layer));
    }
    return Object.fromEntries(
      Object.entries(this.graph.outputs).map(([name, outer]) => [outer, planes(name)]),
    );

    function step(layer: Layer): Tensor {
      switch (layer.op) {
        case 'conv':
          return backend.conv2d(
            planes(layer.input),
            variable(`${layer.name}/filter`),
            layer.bias ? variable(`${layer.name}/bias`) : null,
            fused.has(layer.name) ? 'relu' : undefined,
          );
        case 'batchNorm':
          return normalise(layer, planes(layer.input));
        case 'relu':
          return convolutions.has(layer.input)
            ? planes(layer.input)
            : backend.relu(planes(layer.input));
        case 'sigmoid':
          return tf.sigmoid(planes(layer.input));
        case 'maxPool':
          return backend.maxPool2x2(planes(layer.input));
        case 'upsample':
          return backend.upsample2x(planes(layer.input));
        case 'concat':
          return tf.concat4d([planes(layer.inputs[0]), planes(layer.inputs[1])], 3);
        case 'globalAverage':
          return tf.mean(planes(layer.input), [1, 2]);
      }
    }
  }

  /** Normalises scores, [batch, scores], over the batch, without a learned scale or offset. */
  #centre(x: Tensor2D, name: string, observe?: ObserveStatistics): Tensor2D {
    const { tf } = this.#backend;
    const mean = tf.mean(x, 0, true);
    const offset = tf.sub(x, mean);
    const variance = tf.mean(tf.square(offset), 0, true);
    this.#observed(name, tf.reshape(mean, [-1]), tf.reshape(variance, [-1]), observe);
    return tf.mul(offset, tf.rsqrt(tf.add(variance, BATCH_NORM_EPSILON)));
  }

  #observed(
    name: string,
    mean: Tensor1D,
    variance: Tensor1D,
    observe: ObserveStatistics | undefined,
  ): void {
    if (observe) {
      observe(name, mean, variance);
      return;
    }
    const running = this.#statisticsOf(name);
    const { tf } = this.#backend;
    const blend = (old: Variable, batch: Tensor): void => {
      const keep = tf.mul(old, MOMENTUM);
      old.assign(tf.add(keep, tf.mul(batch, 1 - MOMENTUM)));
    };
    blend(running.mean, mean);
    blend(running.variance, variance);
  }

  #get<T extends Tensor>(name: string): T {
    const variable = this.#byName.get(name);
    if (!variable) throw new Error(`${this.graph.name} has no parameter ${name}`);
    return variable as unknown as T;
  }

  #statisticsOf(name: string): { mean: Variable; variance: Variable } {
    const statistics = this.#statistics.get(name);
    if (!statistics) throw new Error(`${this.graph.name} has no statistics ${name}`);
    return statistics;
  }
}

function take(weights: Weights, name: string): Float32Array {
  const array = weights.get(name);
  if (!array) throw new Error(`the weights hold no ${name}: they belong to another network`);
  return array;
}

async function values(variable: Variable): Promise<Float32Array> {
  return Float32Array.from(await variable.data<'float32'>());
}
