/**
 * Makes an encoder and a decoder with the signature of segment-anything's ONNX export, a few bytes each. The mask is
 * the disc around the first point, as far as the image is bright.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ATTRIBUTE, FLOAT, encodeModel } from '../../models/onnx/schema.ts';
import type { Attribute, Initializer, Node, ValueInfo } from '../../models/onnx/schema.ts';

/** The side of the encoder's input, and of what it makes of it. */
const SIDE = 64;
const SMALL = 16;
/** The radius of the disc, in pixels of the encoder's input. */
const RADIUS = 14;
const INT64 = 7;

const int = (name: string, i: number): Attribute => ({ name, type: ATTRIBUTE.int, i });
const ints = (name: string, values: number[]): Attribute => ({
  name,
  type: ATTRIBUTE.ints,
  ints: values,
});
const node = (op: string, input: string[], output: string, attribute: Attribute[] = []): Node => ({
  op_type: op,
  name: output,
  input,
  output: [output],
  attribute,
});
const value = (name: string, dims: (number | string)[]): ValueInfo => ({
  name,
  type: {
    tensor_type: {
      elem_type: FLOAT,
      shape: {
        dim: dims.map((dim) => (typeof dim === 'number' ? { dim_value: dim } : { dim_param: dim })),
      },
    },
  },
});
const floats = (name: string, dims: number[], values: number[]): Initializer => ({
  name,
  dims,
  data_type: FLOAT,
  raw_data: new Uint8Array(Float32Array.from(values).buffer),
});
const index = (name: string, of: number): Initializer => ({
  name,
  dims: [],
  data_type: INT64,
  raw_data: new Uint8Array(BigInt64Array.of(BigInt(of)).buffer),
});

function model(
  input: ValueInfo[],
  output: ValueInfo[],
  nodes: Node[],
  initializer: Initializer[],
): Uint8Array {
  return encodeModel({
    ir_version: 6,
    opset_import: [{ domain: '', version: 11 }],
    producer_name: 'test',
    graph: { name: 'sam', node: nodes, initializer, input, output },
    metadata_props: [],
  });
}

export function tinyEncoder(): Uint8Array {
  const pool = [ints('kernel_shape', [4, 4]), ints('strides', [4, 4])];
  return model(
    [value('image', [1, 3, SIDE, SIDE])],
    [value('embeddings', [1, 3, SMALL, SMALL])],
    [node('AveragePool', ['image'], 'embeddings', pool)],
    [],
  );
}

/** @param more an input that no SAM has */
export function tinyDecoder(more: string[] = []): Uint8Array {
  const places = Array.from({ length: SMALL * SMALL }, (_, i) => i);
  const step = SIDE / SMALL;
  const plane = [1, 1, SMALL, SMALL];
  return model(
    [
      value('image_embeddings', [1, 3, SMALL, SMALL]),
      value('point_coords', [1, 'points', 2]),
      value('point_labels', [1, 'points']),
      value('mask_input', plane),
      value('has_mask_input', [1]),
      value('orig_im_size', [2]),
      ...more.map((name) => value(name, [1])),
    ],
    [value('masks', [1, 2, SMALL, SMALL]), value('iou_predictions', [1, 2])],
    [
      node('Gather', ['point_coords', 'zero'], 'first', [int('axis', 1)]),
      node('Gather', ['first', 'zero'], 'x', [int('axis', 1)]),
      node('Gather', ['first', 'one'], 'y', [int('axis', 1)]),
      node('Sub', ['columns', 'x'], 'across'),
      node('Sub', ['rows', 'y'], 'down'),
      node('Mul', ['across', 'across'], 'across2'),
      node('Mul', ['down', 'down'], 'down2'),
      node('Add', ['across2', 'down2'], 'square'),
      node('Sub', ['reach', 'square'], 'disc'),
      node('ReduceMean', ['image_embeddings'], 'bright', [ints('axes', [1]), int('keepdims', 1)]),
      node('Min', ['disc', 'bright'], 'mask'),
      node('Neg', ['mask'], 'other'),
      // The second mask is the better one.
      node('Concat', ['other', 'mask'], 'masks', [int('axis', 1)]),
      node('Identity', ['estimates'], 'iou_predictions'),
    ],
    [
      index('zero', 0),
      index('one', 1),
      floats('reach', [1], [RADIUS * RADIUS]),
      floats('estimates', [1, 2], [0.1, 0.9]),
      floats(
        'columns',
        plane,
        places.map((i) => ((i % SMALL) + 0.5) * step),
      ),
      floats(
        'rows',
        plane,
        places.map((i) => (Math.floor(i / SMALL) + 0.5) * step),
      ),
    ],
  );
}

/** Writes both into a folder. */
export async function writeTinySam(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tiny.encoder.onnx'), tinyEncoder());
  await writeFile(join(folder, 'tiny.decoder.onnx'), tinyDecoder());
  return folder;
}
