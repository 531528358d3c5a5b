/**
 * Writes a network and its weights as ONNX: the layers of the network, in ONNX's layout (batch, channels,
 * height, width), for any batch size. Opset 11 is the lowest whose Resize can say unambiguously that each
 * pixel is doubled.
 */
import type { Graph, Layer } from '../graph.ts';
import { BATCH_NORM_EPSILON, parametersOf } from '../graph.ts';
import type { Weights } from '../weights.ts';
import { ATTRIBUTE, FLOAT, encodeModel } from './schema.ts';
import type { Attribute, Initializer, Node, ValueInfo } from './schema.ts';

const OPSET = 11;
/** The IR version that came with opset 11. */
const IR_VERSION = 6;

export interface OnnxOptions {
  readonly width: number;
  readonly height: number;
  /** The file keeps each entry as `overread.<key>`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * @param weights the parameters (`parametersOf`) and the statistics (`statisticsOf`) of this graph
 * @returns the bytes of a valid .onnx file
 */
export function exportOnnx(graph: Graph, weights: Weights, options: OnnxOptions): Uint8Array {
  const { width, height } = options;
  const initializers: Initializer[] = parametersOf(graph).map(({ name, shape }) => {
    const values = get(weights, name);
    return shape.length === 4
      ? tensor(name, [shape[3], shape[2], shape[0], shape[1]], toOutputFirst(values, shape))
      : tensor(name, shape, values);
  });
  if (graph.layers.some((layer) => layer.op === 'upsample')) {
    initializers.push(
      tensor('no_roi', [0], new Float32Array(0)),
      tensor('twice', [4], Float32Array.of(1, 1, 2, 2)),
    );
  }
  const nodes: Node[] = [];
  for (const layer of graph.layers) {
    const extra = extraInitializers(layer, weights);
    initializers.push(...extra);
    nodes.push(toNode(layer, rename));
    if (layer.op === 'globalAverage') {
      // ONNX keeps height and width with length 1; the score must be [batch, scores].
      nodes.push(
        node(
          'Flatten',
          `${layer.name}/flat`,
          [`${layer.name}/planes`],
          [rename(layer.name)],
          [{ name: 'axis', type: ATTRIBUTE.int, i: 1 }],
        ),
      );
    }
  }
  const sides = sidesOf(graph, height, width);
  return encodeModel({
    ir_version: IR_VERSION,
    opset_import: [{ domain: '', version: OPSET }],
    producer_name: 'overread',
    graph: {
      name: graph.name,
      node: nodes,
      initializer: initializers,
      input: [value(graph.input.name, [graph.input.channels, height, width])],
      output: Object.entries(graph.outputs).map(([layer, outer]) =>
        value(outer, sides.get(layer) ?? []),
      ),
    },
    metadata_props: Object.entries(options.metadata).map(([key, text]) => ({
      key: `overread.${key}`,
      value: text,
    })),
  });

  /** The name of a layer's output in the file; the network's outputs are named by `Graph.outputs`. */
  function rename(layer: string): string {
    return graph.outputs[layer] ?? layer;
  }
}

function toNode(layer: Layer, rename: (layer: string) => string): Node {
  const out = [rename(layer.name)];
  const input = (name: string): string => rename(name);
  switch (layer.op) {
    case 'conv': {
      const pad = layer.kernel === 3 ? 1 : 0;
      return node(
        'Conv',
        layer.name,
        [input(layer.input), `${layer.name}/filter`, ...(layer.bias ? [`${layer.name}/bias`] : [])],
        out,
        [ints('kernel_shape', [layer.kernel, layer.kernel]), ints('pads', [pad, pad, pad, pad])],
      );
    }
    case 'batchNorm':
      return node(
        'BatchNormalization',
        layer.name,
        [
          input(layer.input),
          ...['scale', 'offset', 'mean', 'variance'].map((part) => `${layer.name}/${part}`),
        ],
        out,
        [{ name: 'epsilon', type: ATTRIBUTE.float, f: BATCH_NORM_EPSILON }],
      );
    case 'relu':
      return node('Relu', layer.name, [input(layer.input)], out);
    case 'sigmoid':
      return node('Sigmoid', layer.name, [input(layer.input)], out);
    case 'maxPool':
      return node('MaxPool', layer.name, [input(layer.input)], out, [
        ints('kernel_shape', [2, 2]),
        ints('strides', [2, 2]),
      ]);
    case 'upsample':
      return node('Resize', layer.name, [input(layer.input), 'no_roi', 'twice'], out, [
        text('mode', 'nearest'),
        text('coordinate_transformation_mode', 'asymmetric'),
        text('nearest_mode', 'floor'),
      ]);
    case 'concat':
      return node('Concat', layer.name, layer.inputs.map(input), out, [
        { name: 'axis', type: ATTRIBUTE.int, i: 1 },
      ]);
    case 'globalAverage':
      return node('GlobalAveragePool', layer.name, [input(layer.input)], [`${layer.name}/planes`]);
  }
}

/** The arrays that a layer needs besides its trainable parameters. */
function extraInitializers(layer: Layer, weights: Weights): Initializer[] {
  if (layer.op !== 'batchNorm') return [];
  const { name, channels } = layer;
  const statistics = ['mean', 'variance'].map((part) =>
    tensor(`${name}/${part}`, [channels], get(weights, `${name}/${part}`)),
  );
  if (layer.affine) return statistics;
  return [
    ...statistics,
    tensor(`${name}/scale`, [channels], new Float32Array(channels).fill(1)),
    tensor(`${name}/offset`, [channels], new Float32Array(channels)),
  ];
}

/**
 * Shape of every layer's output without the batch: the channels, then height and width. After the global
 * average there are only channels.
 */
function sidesOf(graph: Graph, height: number, width: number): Map<string, number[]> {
  const sides = new Map([[graph.input.name, [graph.input.channels, height, width]]]);
  const of = (name: string): number[] => {
    const known = sides.get(name);
    if (!known) throw new Error(`${graph.name} uses ${name} before it is computed`);
    return known;
  };
  for (const layer of graph.layers) sides.set(layer.name, after(layer));
  return sides;

  function after(layer: Layer): number[] {
    switch (layer.op) {
      case 'conv': {
        const [, h, w] = of(layer.input);
        return [layer.to, h, w];
      }
      case 'maxPool': {
        const [c, h, w] = of(layer.input);
        return [c, h / 2, w / 2];
      }
      case 'upsample': {
        const [c, h, w] = of(layer.input);
        return [c, h * 2, w * 2];
      }
      case 'concat': {
        const [a, h, w] = of(layer.inputs[0]);
        return [a + of(layer.inputs[1])[0], h, w];
      }
      case 'globalAverage':
        return [of(layer.input)[0]];
      case 'batchNorm':
      case 'relu':
      case 'sigmoid':
        return of(layer.input);
    }
  }
}

/** Moves the output channels to the front: [kernel, kernel, from, to] → [to, from, kernel, kernel]. */
function toOutputFirst(values: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, from, to] = shape;
  const result = new Float32Array(values.length);
  let source = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < from; i++) {
        for (let o = 0; o < to; o++) {
          result[((o * from + i) * height + y) * width + x] = values[source++];
        }
      }
    }
  }
  return result;
}

function get(weights: Weights, name: string): Float32Array {
  const values = weights.get(name);
  if (!values) throw new Error(`the weights hold no ${name}`);
  return values;
}

function tensor(name: string, dims: readonly number[], values: Float32Array): Initializer {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { name, dims, data_type: FLOAT, raw_data: bytes };
}

function value(name: string, sides: readonly number[]): ValueInfo {
  const dim = [{ dim_param: 'batch' }, ...sides.map((side) => ({ dim_value: side }))];
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}

function node(
  op_type: string,
  name: string,
  input: readonly string[],
  output: readonly string[],
  attribute: readonly Attribute[] = [],
): Node {
  return { op_type, name, input, output, attribute };
}

function ints(name: string, values: readonly number[]): Attribute {
  return { name, type: ATTRIBUTE.ints, ints: values };
}

function text(name: string, value: string): Attribute {
  return { name, type: ATTRIBUTE.string, s: new TextEncoder().encode(value) };
}
