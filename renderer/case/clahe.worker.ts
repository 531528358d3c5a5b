/** Evens out the contrast of images, off the interface's thread. See `clahe.ts`. */
import { imagePyramid } from '../drawing/pyramid.ts';
import { equalized } from './clahe.ts';

export interface ClaheWanted {
  readonly id: number;
  readonly samples: Uint8Array | Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly range: { readonly low: number; readonly high: number };
}

export interface ClaheReady {
  readonly id: number;
  readonly samples: Uint8Array;
  readonly levels: readonly Uint8Array[];
}

self.addEventListener('message', ({ data }: MessageEvent<ClaheWanted>) => {
  const { id, width, height, range } = data;
  const samples = equalized(data.samples, width, height, range);
  const levels = imagePyramid<Uint8Array>(samples, width, height);
  const ready: ClaheReady = { id, samples, levels };
  const transfer = [samples, ...levels].map(({ buffer }) => buffer as ArrayBuffer);
  self.postMessage(ready, { transfer });
});
