/**
 * The Quality Awareness Module of Pick-and-Learn (Zhu, Shi, Wu, MICCAI 2019): a network like VGG that
 * gets the image and its label planes, and ends in a one-channel convolution and a global average pool. A
 * higher score means that the label fits its image better.
 *
 * `centred` adds a batch normalisation of the pooled score, without scale and offset. Without it all
 * scores drift in one direction until λ·tanh saturates, because the softmax over the batch ignores an
 * offset that all scores share.
 */
import { convBlock } from './blocks.ts';
import type { Graph, Layer } from './graph.ts';

export interface QamOptions {
  readonly structures: number;
  /** Channels of each block; a block is two convolutions and a 2 × 2 max pooling. */
  readonly widths: readonly number[];
  readonly batchNorm: boolean;
  readonly centred: boolean;
  /** One score for the whole case (the default), or one for each label. */
  readonly scores?: 'case' | 'label' | undefined;
  /** Whether the QAM sees the segmenter's probabilities beside the labels. */
  readonly seesProposal?: boolean | undefined;
}

/** Number of channels of the QAM's input: the image, the labels and, if it sees them, the proposals. */
export function qamChannels(structures: number, seesProposal: boolean): number {
  return 1 + structures * (seesProposal ? 2 : 1);
}

/**
 * The input is `input` [batch, height, width, n + 1]: the z-scored image, then the label planes (0 or 1);
 * with `seesProposal`, n planes of probabilities follow. The outputs are `score` [batch, k] and
 * `quality_map` [batch, h, w, k], the map before the pooling; k is 1, or n if the QAM scores each label.
 */
export function qam(options: QamOptions): Graph {
  const { structures, widths, batchNorm, centred, scores = 'case', seesProposal = false } = options;
  const channels = qamChannels(structures, seesProposal);
  const outputs = scores === 'label' ? structures : 1;
  const layers: Layer[] = [];
  let top = 'input';
  let from: number = channels;
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
    { op: 'conv', name: 'map', input: top, from, to: outputs, kernel: 1, bias: true },
    { op: 'globalAverage', name: 'pooled', input: 'map' },
  );
  if (centred) {
    layers.push({
      op: 'batchNorm',
      name: 'centred',
      input: 'pooled',
      channels: outputs,
      affine: false,
    });
  }
  return {
    name: 'qam',
    input: { name: 'input', channels },
    layers,
    outputs: { [centred ? 'centred' : 'pooled']: 'score', map: 'quality_map' },
    multiple: 2 ** widths.length,
  };
}
