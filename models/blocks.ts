/** The convolution block that both networks consist of. */
import type { Layer } from './graph.ts';

export interface BlockShape {
  readonly name: string;
  readonly input: string;
  readonly from: number;
  readonly to: number;
  readonly batchNorm: boolean;
}

/**
 * The layers of a block: 3 × 3 convolution, batch normalisation (optional), ReLU. With batch
 * normalisation the convolution has no bias, because the normalisation's offset takes its place. The
 * block's output is the layer `<name>/relu`.
 */
export function convBlock({ name, input, from, to, batchNorm }: BlockShape): Layer[] {
  const conv = `${name}/conv`;
  const norm = `${name}/norm`;
  const layers: Layer[] = [
    { op: 'conv', name: conv, input, from, to, kernel: 3, bias: !batchNorm },
  ];
  if (batchNorm) {
    layers.push({ op: 'batchNorm', name: norm, input: conv, channels: to, affine: true });
  }
  layers.push({ op: 'relu', name: `${name}/relu`, input: batchNorm ? norm : conv });
  return layers;
}
