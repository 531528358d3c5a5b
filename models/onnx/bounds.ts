/**
 * Checks a network of unknown origin before it is run. It may hold only the operations that Overread exports, keep all
 * its weights in its own file, and make no more values than a large network of Overread. So a file cannot make the
 * process that runs it read other files, run for ever or fill the memory.
 */
import type { Attribute, Model, Node } from './schema.ts';

/** The most values that all layers make for one image; a network for 1024 × 1024 pixels makes a fifth. */
const MOST_VALUES = 2 ** 30;
/** The largest side of a network's input. */
export const LARGEST_SIDE = 4096;

/** Channels, height and width for one image. They may be more than the network makes, and never less. */
type Shape = readonly [number, number, number];

/** Nodes by operation: the largest shape of the result. `weights` are the sides of the second input. */
const SHAPES: Readonly<
  Record<string, (inputs: readonly Shape[], node: Node, of: Weights) => Shape>
> = {
  Conv: ([[, height, width]], node, of) => {
    const [channels = 0] = of.dims(node.input[1]);
    return [channels, height + padding(node), width + padding(node)];
  },
  MaxPool: ([[channels, height, width]], node) => [
    channels,
    height + padding(node),
    width + padding(node),
  ],
  Resize: ([[channels, height, width]], node, of) => {
    const [, , tall = Infinity, wide = Infinity] = of.values(node.input[2]);
    return [channels, Math.ceil(height * tall), Math.ceil(width * wide)];
  },
  Concat: (inputs) => [
    inputs.reduce((sum, [channels]) => sum + channels, 0),
    ...largest(inputs.map(([, height, width]) => [height, width] as const)),
  ],
  GlobalAveragePool: ([[channels]]) => [channels, 1, 1],
  Flatten: ([shape]) => shape,
  BatchNormalization: ([shape]) => shape,
  Relu: ([shape]) => shape,
  Sigmoid: ([shape]) => shape,
  Sub: (inputs) => widest(inputs),
  Mul: (inputs) => widest(inputs),
};

const largest = (sides: readonly (readonly [number, number])[]): [number, number] => [
  Math.max(...sides.map(([height]) => height)),
  Math.max(...sides.map(([, width]) => width)),
];
const widest = (inputs: readonly Shape[]): Shape => [
  Math.max(...inputs.map(([channels]) => channels)),
  ...largest(inputs.map(([, height, width]) => [height, width] as const)),
];

function padding({ attribute = [] }: Partial<Node>): number {
  const pads = attribute.find(({ name }) => name === 'pads')?.ints ?? [];
  return pads.reduce((sum, value) => sum + Math.max(0, Number(value)), 0);
}

class Weights {
  readonly #tensors: ReadonlyMap<string, Model['graph']['initializer'][number]>;

  constructor(tensors: Model['graph']['initializer']) {
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  dims(name: string): number[] {
    return (this.#tensors.get(name)?.dims ?? []).map(Number);
  }

  values(name: string): number[] {
    const bytes = Uint8Array.from(this.#tensors.get(name)?.raw_data ?? []);
    return bytes.length % 4 === 0 ? [...new Float32Array(bytes.buffer)] : [];
  }
}

/** Fields that a network of Overread never has. Each would let it do more than compute. */
interface Foreign {
  readonly functions?: readonly unknown[];
  readonly training_info?: readonly unknown[];
  readonly graph?: { readonly sparse_initializer?: readonly unknown[] };
}
type ForeignTensor = {
  readonly data_location?: number;
  readonly external_data?: readonly unknown[];
};
type ForeignAttribute = Attribute & { readonly g?: unknown; readonly graphs?: readonly unknown[] };

const isSome = (list: readonly unknown[] | undefined): boolean => (list?.length ?? 0) > 0;

/**
 * @param input channels, height and width of the network's input for one image
 * @throws Error if the network may not be run
 */
export function checkBounds(model: Partial<Model> & Foreign, input: Shape): void {
  const refuse = (why: string): never => {
    throw new Error(why);
  };
  if (Math.max(input[1], input[2]) > LARGEST_SIDE) refuse('its input is too large');
  if (isSome(model.functions) || isSome(model.training_info)) refuse('it holds functions');
  const { graph, opset_import: sets = [] } = model;
  if (!graph) return refuse('it has no graph');
  if (isSome((graph as Foreign['graph'])?.sparse_initializer)) refuse('it has sparse weights');
  if (sets.some(({ domain }) => (domain ?? '') !== '')) refuse('it has operations of its own');
  for (const tensor of graph.initializer ?? []) {
    const { data_location: place = 0, external_data: elsewhere } = tensor as ForeignTensor;
    if (place !== 0 || isSome(elsewhere)) refuse('its weights lie in another file');
  }
  const weights = new Weights(graph.initializer ?? []);
  const shapes = new Map<string, Shape>();
  for (const { name } of graph.input ?? []) if (!weights.has(name)) shapes.set(name, input);
  let values = 0;
  for (const node of graph.node ?? []) {
    const { op_type: operation, input: names = [], output: made = [], attribute = [] } = node;
    const shapeOf = Object.hasOwn(SHAPES, operation) ? SHAPES[operation] : null;
    if (shapeOf === null) return refuse('it has an operation that Overread does not export');
    for (const { g, graphs } of attribute as readonly ForeignAttribute[]) {
      if ((g ?? null) !== null || isSome(graphs)) refuse('it has a loop');
    }
    const given = names.flatMap((name) => {
      const known = shapes.get(name);
      return known ? [known] : [];
    });
    if (given.length === 0) refuse('an operation has no input');
    const shape = shapeOf(given, node, weights);
    values += shape[0] * shape[1] * shape[2];
    if (!(values <= MOST_VALUES)) refuse('it makes too many values');
    for (const name of made) shapes.set(name, shape);
  }
}
