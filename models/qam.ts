/**
 * The Quality Awareness Module of Pick-and-Learn (Zhu, Shi, Wu, MICCAI 2019): a VGG-style network
 * that looks at the image and its label planes and ends in a one-channel convolution and a global
 * average pool. Higher means a label that fits its image better.
 *
 * `centred` adds what keeps the score where tanh is alive: a batch normalisation of the pooled
 * score without scale and offset. A softmax over the batch does not feel a common offset of the
 * scores, λ·tanh does; without anything to hold it, the score drifts until tanh saturates.
 */
import { convBlock } from './blocks.ts';
import type { Graph, Layer } from './graph.ts';

export interface QamOptions {
  readonly structures: number;
  /** Channels of each block; a block is two convolutions and a 2 × 2 max pooling. */
  readonly widths: readonly number[];
  readonly batchNorm: boolean;
  readonly centred: boolean;
}

/**
 * Input `input` [batch, height, width, n + 1]: the z-scored image, then the label planes (0 or 1).
 * Outputs `score` [batch, 1] and `quality_map` [batch, h, w, 1], the map before the pool.
 */
export function qam({ structures, widths, batchNorm, centred }: QamOptions): Graph {
  const layers: Layer[] = [];
  let top = 'input';
  let from = structures + 1;
  widths.forEach((to, index) => {
    for (const half of ['a', 'b']) {
      const name = `block${index}/${half}`;
      layers.push(...convBlock({ name, input: top, from, to, batchNorm }));
      top = `${name}/relu`;
      from = to;
    }
    layers.push({ op: 'maxPool', name: `block${index}/pool`, input: top });
    top = `block${index}/pool`;
  });
  layers.push(
    { op: 'conv', name: 'map', input: top, from, to: 1, kernel: 1, bias: true },
    { op: 'globalAverage', name: 'pooled', input: 'map' },
  );
  if (centred) {
    layers.push({ op: 'batchNorm', name: 'centred', input: 'pooled', channels: 1, affine: false });
  }
  return {
    name: 'qam',
    input: { name: 'input', channels: structures + 1 },
    layers,
    outputs: { [centred ? 'centred' : 'pooled']: 'score', map: 'quality_map' },
    multiple: 2 ** widths.length,
  };
}
