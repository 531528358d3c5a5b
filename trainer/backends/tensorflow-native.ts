/** The parts of tfjs-node's backend and binding that call TensorFlow's own operations. */
import type { Tensor } from '@tensorflow/tfjs-core';

export interface Binding {
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  isUsingGpuDevice(): boolean;
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: string | number | boolean | number[];
}

export interface Native {
  readonly binding: Binding;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: Tensor[],
    outputs: number,
  ): Tensor[];
}

/** The attribute lists of the operations. They never change, so each is made once. */
export function attributeLists(binding: Binding) {
  const attribute =
    (type: number) =>
    (name: string, value: OpAttribute['value']): OpAttribute => ({ name, type, value });
  const ints = attribute(binding.TF_ATTR_INT);
  const text = attribute(binding.TF_ATTR_STRING);
  const flag = attribute(binding.TF_ATTR_BOOL);
  const type = attribute(binding.TF_ATTR_TYPE);

  const float = type('T', binding.TF_FLOAT);
  const layout = text('data_format', 'NHWC');
  // oneDNN registers its own kernels under this label.
  const onednn = text('_kernel', 'MklNameChangeOp');
  const conv = [
    float,
    layout,
    ints('strides', [1, 1, 1, 1]),
    ints('dilations', [1, 1, 1, 1]),
    text('padding', 'SAME'),
    flag('use_cudnn_on_gpu', true),
  ];
  const pool = [
    float,
    layout,
    ints('ksize', [1, 2, 2, 1]),
    ints('strides', [1, 2, 2, 1]),
    text('padding', 'VALID'),
  ];
  return {
    typed: [float],
    bias: [float, layout],
    conv,
    convWithBias: [...conv, onednn],
    pool,
    poolWithMemory: [...pool, onednn],
    resize: [float, flag('align_corners', false), flag('half_pixel_centers', false)],
    batchNorm: (epsilon: number): OpAttribute[] => [
      float,
      type('U', binding.TF_FLOAT),
      layout,
      attribute(binding.TF_ATTR_FLOAT)('epsilon', epsilon),
      flag('is_training', true),
    ],
  };
}
