/**
 * The segmenter: a U-Net (Ronneberger, Fischer, Brox, MICCAI 2015) with "same" padding. Nearest
 * up-sampling and a 3 × 3 convolution replace the transposed convolution. Each structure has a sigmoid of
 * its own, because structures overlap.
 */
import { convBlock } from './blocks.ts';
import type { Graph, Layer } from './graph.ts';

export interface UNetOptions {
  /** Number of structures: the output's channels. */
  readonly structures: number;
  /** Channels of the first level; each level below has twice as many. */
  readonly width: number;
  /** Number of levels (resolutions), including the first. */
  readonly levels: number;
  readonly batchNorm: boolean;
}

/** Input `image` [batch, height, width, 1], output `probabilities` [batch, height, width, n]. */
export function unet({ structures, width, levels, batchNorm }: UNetOptions): Graph {
  const layers: Layer[] = [];
  const block = (name: string, input: string, from: number, to: number): string => {
    layers.push(...convBlock({ name, input, from, to, batchNorm }));
    return `${name}/relu`;
  };
  const channels = (level: number): number => width * 2 ** level;

  const skips: string[] = [];
  let top = 'image';
  for (let level = 0; level < levels; level++) {
    if (level > 0) {
      layers.push({ op: 'maxPool', name: `down${level}/pool`, input: top });
      top = `down${level}/pool`;
    }
    const from = level === 0 ? 1 : channels(level - 1);
    top = block(`down${level}/a`, top, from, channels(level));
    top = block(`down${level}/b`, top, channels(level), channels(level));
    skips.push(top);
  }
  for (let level = levels - 2; level >= 0; level--) {
    const own = channels(level);
    layers.push({ op: 'upsample', name: `up${level}/upsample`, input: top });
    top = block(`up${level}/halve`, `up${level}/upsample`, own * 2, own);
    const joined = `up${level}/concat`;
    layers.push({ op: 'concat', name: joined, inputs: [skips[level], top] });
    top = block(`up${level}/a`, joined, own * 2, own);
    top = block(`up${level}/b`, top, own, own);
  }
  layers.push(
    { op: 'conv', name: 'logits', input: top, from: width, to: structures, kernel: 1, bias: true },
    { op: 'sigmoid', name: 'probabilities', input: 'logits' },
  );
  return {
    name: 'segmenter',
    input: { name: 'image', channels: 1 },
    layers,
    outputs: { probabilities: 'probabilities' },
    multiple: 2 ** (levels - 1),
  };
}
