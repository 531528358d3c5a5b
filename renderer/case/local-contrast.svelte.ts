/**
 * The image on the stage with even contrast everywhere, for looking only: strokes, the read-out and the networks use
 * the image as it is. A worker makes it.
 */
import type { ClaheReady, ClaheWanted } from './clahe.worker.ts';
import type { ImageReady } from './pixels.ts';
import type { Window } from './types.ts';

export class LocalContrast {
  /** The newest even image, and the image that it was made of. */
  #made = $state.raw<{ readonly of: ImageReady; readonly image: ImageReady } | null>(null);
  #asked: ImageReady | null = null;
  #worker: Worker | null = null;
  #turn = 0;

  /** The even image, or the image itself until the worker has made it. */
  of(image: ImageReady): ImageReady {
    return this.#made?.of === image ? this.#made.image : image;
  }

  /** The window that shows the even image as `window` shows the image. */
  windowOf(image: ImageReady, window: Window): Window {
    if (this.#made?.of !== image) return window;
    const { low, high } = image.auto;
    const scale = 255 / Math.max(1, high - low);
    return {
      low: (window.low - low) * scale,
      high: (window.high - low) * scale,
      invert: window.invert,
    };
  }

  /** Makes the even image, unless it is there or is being made. */
  make(image: ImageReady): void {
    if (this.#made?.of === image || this.#asked === image) return;
    this.#asked = image;
    this.#worker ??= new Worker(new URL('./clahe.worker.ts', import.meta.url), { type: 'module' });
    const worker = this.#worker;
    const id = (this.#turn += 1);
    const taken = ({ data }: MessageEvent<ClaheReady>): void => {
      if (data.id !== id) return;
      worker.removeEventListener('message', taken);
      if (this.#asked !== image) return;
      const { samples, levels } = data;
      this.#made = { of: image, image: { ...image, pixels: { ...image.pixels, samples }, levels } };
    };
    worker.addEventListener('message', taken);
    const { samples, width, height } = image.pixels;
    worker.postMessage({ id, samples, width, height, range: image.auto } satisfies ClaheWanted);
  }
}
