/**
 * Prepares the pixels of a case for the stage: samples, masks with the strokes that no revision holds yet,
 * and smaller versions of both. It needs only the client, so `pixels.worker.ts` can run it in a worker.
 */
import type { Client, ImagePixels } from '../../audit/contract/client.ts';
import type { StrokeInfo } from '../../audit/contract/api.ts';
import type { JournalStroke } from '../drawing/history.ts';
import { imagePyramid, maskPyramid } from '../drawing/pyramid.ts';
import { percentiles } from './window.ts';

interface MaskWanted {
  readonly structure: string;
  /** Hash of the newest revision's mask; null if nobody drew the label. */
  readonly hash: string | null;
}

export interface PixelsWanted {
  readonly id: string;
  /** Null loads only the masks. */
  readonly imageHash: string | null;
  readonly masks: readonly MaskWanted[];
}

interface MaskReady {
  readonly mask: Uint8Array | null;
  readonly levels: readonly Uint8Array[];
  /** Strokes that no revision holds yet, oldest first. The mask has them. */
  readonly strokes: readonly JournalStroke[];
}

export interface ImageReady {
  readonly pixels: ImagePixels;
  readonly levels: readonly (Uint8Array | Uint16Array)[];
  /** First and 99th percentile of the samples. */
  readonly auto: { readonly low: number; readonly high: number };
}

export interface PixelsReady {
  readonly image: ImageReady | null;
  /** In the order of `PixelsWanted.masks`. */
  readonly masks: readonly MaskReady[];
}

export type LoadPixels = (wanted: PixelsWanted, signal: AbortSignal) => Promise<PixelsReady>;

function imageReady(pixels: ImagePixels): ImageReady {
  const { samples, width, height } = pixels;
  return {
    pixels,
    levels: imagePyramid(samples, width, height),
    auto: percentiles(samples, 0.01, 0.99),
  };
}

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

const strokeOf = ({ id, x, y, width, height, before, after }: StrokeInfo): JournalStroke => ({
  id,
  edit: { rect: { x, y, width, height }, before: bytesOf(before), after: bytesOf(after) },
});

async function maskReady(
  client: Client,
  id: string,
  { structure, hash }: MaskWanted,
  signal: AbortSignal,
): Promise<MaskReady> {
  const { strokes: stored } = await client.strokes(id, structure);
  const strokes = stored.map(strokeOf);
  if (hash === null && strokes.length === 0) return { mask: null, levels: [], strokes };
  const options = { drawn: true, signal, ...(hash !== null && { hash }) };
  const { data, width, height } = await client.mask(id, structure, options);
  return { mask: data, levels: maskPyramid(data, width, height), strokes };
}

/** A loader that uses the client and works on the calling thread. */
export const pixelLoader =
  (client: Client): LoadPixels =>
  async ({ id, imageHash, masks }, signal) => {
    const image =
      imageHash === null
        ? Promise.resolve(null)
        : client.image(id, { hash: imageHash, signal }).then(imageReady);
    const ready = masks.map((wanted) => maskReady(client, id, wanted, signal));
    const [first, ...rest] = await Promise.all([image, ...ready]);
    return { image: first, masks: rest };
  };
