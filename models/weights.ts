/** A network's weights in a form for any backend: trainable parameters and measured statistics. */
import { parametersOf, statisticsOf } from './graph.ts';
import type { Graph } from './graph.ts';
import { Random } from './random.ts';

/**
 * Arrays by name: every parameter of `parametersOf`, and for each batch normalisation `<name>/mean` and
 * `<name>/variance`.
 */
export type Weights = Map<string, Float32Array>;

/**
 * Weights for the start of a training: convolutions by He's rule (normal, variance 2 / fan-in; He et al.,
 * ICCV 2015), biases and offsets 0, scales 1, means 0, variances 1.
 */
export function initialWeights(graph: Graph, seed: number): Weights {
  const weights: Weights = new Map();
  for (const { name, shape, init } of parametersOf(graph)) {
    const size = shape.reduce((product, side) => product * side, 1);
    const values = new Float32Array(size);
    if (init === 'ones') values.fill(1);
    if (init === 'he') {
      const source = Random.forTraining(seed, graph.name, name);
      const deviation = Math.sqrt(2 / (size / shape[3]));
      for (let i = 0; i < size; i++) values[i] = source.normal() * deviation;
    }
    weights.set(name, values);
  }
  for (const { name, channels } of statisticsOf(graph)) {
    weights.set(`${name}/mean`, new Float32Array(channels));
    weights.set(`${name}/variance`, new Float32Array(channels).fill(1));
  }
  return weights;
}

/** The mean of several sets of weights of one network, array by array. */
export function averageWeights(sets: readonly Weights[]): Weights {
  const average: Weights = new Map();
  for (const [name, first] of sets[0]) {
    const sum = new Float64Array(first.length);
    for (const set of sets) {
      const values = set.get(name);
      if (values?.length !== first.length) throw new Error(`weights do not match at ${name}`);
      for (let i = 0; i < sum.length; i++) sum[i] += values[i];
    }
    average.set(
      name,
      Float32Array.from(sum, (value) => value / sets.length),
    );
  }
  return average;
}
