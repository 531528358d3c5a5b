/**
 * A network as plain data: a list of layers in the order of their computation. The trainer walks it
 * with TensorFlow.js, the ONNX export walks it to write nodes; nothing else knows a network's shape.
 *
 * Every tensor is a batch of planes (or, after the global average, of channels). A layer's output has
 * the layer's name; the network's input has the name in `Graph.input`.
 */

export type Layer =
  /** Convolution, stride 1, zero padding to the same size. */
  | {
      readonly op: 'conv';
      readonly name: string;
      readonly input: string;
      readonly from: number;
      readonly to: number;
      readonly kernel: 1 | 3;
      readonly bias: boolean;
    }
  /** Over batch and space. Without `affine` there is no scale and no offset: it only centres. */
  | {
      readonly op: 'batchNorm';
      readonly name: string;
      readonly input: string;
      readonly channels: number;
      readonly affine: boolean;
    }
  | { readonly op: 'relu'; readonly name: string; readonly input: string }
  | { readonly op: 'sigmoid'; readonly name: string; readonly input: string }
  /** 2 × 2, stride 2. */
  | { readonly op: 'maxPool'; readonly name: string; readonly input: string }
  /** Nearest neighbour, × 2. */
  | { readonly op: 'upsample'; readonly name: string; readonly input: string }
  /** Along the channels. */
  | { readonly op: 'concat'; readonly name: string; readonly inputs: readonly [string, string] }
  /** From planes to one number for each channel. */
  | { readonly op: 'globalAverage'; readonly name: string; readonly input: string };

export interface Graph {
  readonly name: 'segmenter' | 'qam';
  readonly input: { readonly name: string; readonly channels: number };
  readonly layers: readonly Layer[];
  /** Layer name → the output's name outside of the network, in the ONNX file for example. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Height and width must be multiples of this (2 to the number of poolings). */
  readonly multiple: number;
}

/** A trainable array: convolution filters are [kernel, kernel, from, to] (the layout of TensorFlow). */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: 'he' | 'zeros' | 'ones';
}

/** Added to a variance before its root is taken. */
export const BATCH_NORM_EPSILON = 1e-5;

/** All trainable arrays of a network, in a fixed order. */
export function parametersOf(graph: Graph): Parameter[] {
  const parameters: Parameter[] = [];
  for (const layer of graph.layers) {
    if (layer.op === 'conv') {
      const { kernel, from, to } = layer;
      parameters.push({
        name: `${layer.name}/filter`,
        shape: [kernel, kernel, from, to],
        init: 'he',
      });
      if (layer.bias) parameters.push({ name: `${layer.name}/bias`, shape: [to], init: 'zeros' });
    } else if (layer.op === 'batchNorm' && layer.affine) {
      parameters.push({ name: `${layer.name}/scale`, shape: [layer.channels], init: 'ones' });
      parameters.push({ name: `${layer.name}/offset`, shape: [layer.channels], init: 'zeros' });
    }
  }
  return parameters;
}

/** The layers with statistics, which training measures and scoring uses: a mean and a variance each. */
export function statisticsOf(graph: Graph): { name: string; channels: number }[] {
  return graph.layers.flatMap((layer) =>
    layer.op === 'batchNorm' ? [{ name: layer.name, channels: layer.channels }] : [],
  );
}

/** Number of trainable values. */
export function countParameters(graph: Graph): number {
  return parametersOf(graph).reduce(
    (sum, parameter) => sum + parameter.shape.reduce((product, side) => product * side, 1),
    0,
  );
}
