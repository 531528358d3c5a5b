/**
 * A network as plain data: a list of layers in the order of their computation. The trainer computes the
 * layers with TensorFlow.js, and the ONNX export writes a node for each layer. No other code knows a
 * network's shape.
 *
 * Every tensor is a batch of planes (or, after the global average, of channels). A layer's output has the
 * layer's name; the network's input has the name in `Graph.input`.
 */

export type Layer =
  /** Convolution with stride 1 and zero padding, so that the size stays. */
  | {
      readonly op: 'conv';
      readonly name: string;
      readonly input: string;
      readonly from: number;
      readonly to: number;
      readonly kernel: 1 | 3;
      readonly bias: boolean;
    }
  /**
   * Batch normalisation over batch and space. Without `affine` there is no scale and no offset: it only
   * centres and scales to variance 1.
   */
  | {
      readonly op: 'batchNorm';
      readonly name: string;
      readonly input: string;
      readonly channels: number;
      readonly affine: boolean;
    }
  | { readonly op: 'relu'; readonly name: string; readonly input: string }
  | { readonly op: 'sigmoid'; readonly name: string; readonly input: string }
  /** Max pooling, 2 × 2, stride 2. */
  | { readonly op: 'maxPool'; readonly name: string; readonly input: string }
  /** Doubles both sides: each pixel becomes 2 × 2 equal pixels. */
  | { readonly op: 'upsample'; readonly name: string; readonly input: string }
  /** Joins two tensors along the channels. */
  | { readonly op: 'concat'; readonly name: string; readonly inputs: readonly [string, string] }
  /** The mean of each plane: one number for each channel. */
  | { readonly op: 'globalAverage'; readonly name: string; readonly input: string };

export interface Graph {
  readonly name: 'segmenter' | 'qam';
  readonly input: { readonly name: string; readonly channels: number };
  readonly layers: readonly Layer[];
  /** For each output, the name of its layer and the output's name in the ONNX file. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Height and width must be multiples of this number (2 to the number of poolings). */
  readonly multiple: number;
}

/** A trainable array. A convolution's filter has the shape [kernel, kernel, from, to], as in TensorFlow. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly init: 'he' | 'zeros' | 'ones';
}

/** Added to a variance before its root is taken, so that no division by 0 occurs. */
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

/** The batch normalisations. Each has a mean and a variance, which training measures and scoring uses. */
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
