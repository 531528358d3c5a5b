/**
 * Keeps loaded cases in memory: the case on the stage, its neighbours in the queue, and the cases seen last,
 * up to `LIMIT` bytes. A case that is in memory or being loaded is not loaded again.
 */
import type { CaseDetail, CaseDetailQuery } from '../../audit/contract/api.ts';
import type { Client, QualityMap } from '../../audit/contract/client.ts';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import type { Label } from '../drawing/label.svelte.ts';
import type { ImageReady, LoadPixels, PixelsReady } from './pixels.ts';

export type DetailQuery = z.input<typeof CaseDetailQuery>;

/** A case with its pixels. */
export interface LoadedCase {
  detail: CaseDetail;
  readonly image: ImageReady;
  readonly labels: readonly Label[];
  quality: QualityMap | null;
}

/** The most bytes kept: a few cases of 4096² pixels with three structures, or about 25 of 2048². */
const LIMIT = 640 * 1024 * 1024;

/** Neighbours are loaded this long after a case was opened, so that the case itself comes first. */
const REST_MS = 200;

/**
 * The bytes that a case takes; an image with its smaller versions takes 1.34 times its own size. At most
 * `LIMIT`, because the cache does not keep larger entries.
 */
function bytesOf({ image, labels, quality }: LoadedCase): number {
  const bytes =
    image.pixels.samples.byteLength * 1.34 +
    labels.reduce((sum, label) => sum + label.bytes, quality?.values.byteLength ?? 0);
  return Math.min(LIMIT, Math.ceil(bytes));
}

/** Thrown if the details of a case were loaded, but not its pixels. */
export class PixelsMissing extends Error {
  override readonly name = 'PixelsMissing';
  readonly detail: CaseDetail;

  constructor(detail: CaseDetail, cause: unknown) {
    super('the pixels of the case could not be loaded', { cause });
    this.detail = detail;
  }
}

interface Load {
  readonly promise: Promise<LoadedCase>;
  readonly abort: AbortController;
}

export class Library {
  readonly #client: Client;
  readonly #pixels: LoadPixels;
  readonly #make: (detail: CaseDetail, ready: PixelsReady) => readonly Label[];
  readonly #cases = new LRUCache<string, LoadedCase>({
    maxSize: LIMIT,
    sizeCalculation: bytesOf,
  });
  readonly #loads = new Map<string, Load>();
  #ahead: readonly string[] = [];

  constructor(
    client: Client,
    pixels: LoadPixels,
    make: (detail: CaseDetail, ready: PixelsReady) => readonly Label[],
  ) {
    this.#client = client;
    this.#pixels = pixels;
    this.#make = make;
  }

  /** The case, or undefined if it is not loaded. */
  get(id: string): LoadedCase | undefined {
    return this.#cases.get(id);
  }

  forget(id: string): void {
    this.#cases.delete(id);
    this.#loads.get(id)?.abort.abort();
    this.#loads.delete(id);
  }

  /** Loads a case, unless it is loaded or being loaded. @throws PixelsMissing, or an error of the client */
  load(id: string, query: DetailQuery): Promise<LoadedCase> {
    const kept = this.#cases.get(id);
    if (kept) return Promise.resolve(kept);
    const running = this.#loads.get(id);
    if (running) return running.promise;
    const abort = new AbortController();
    const promise = this.#read(id, query, abort.signal)
      .then((loaded) => {
        if (!abort.signal.aborted) this.#cases.set(id, loaded);
        return loaded;
      })
      .finally(() => {
        if (this.#loads.get(id)?.abort === abort) this.#loads.delete(id);
      });
    this.#loads.set(id, { promise, abort });
    return promise;
  }

  /** Loads the neighbours, one after the other. When a later call is made, an earlier one loads no more. */
  async prefetch(ids: readonly string[], query: DetailQuery): Promise<void> {
    this.#ahead = ids;
    // Waits, so that the case that was just opened is loaded and drawn first.
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    for (const id of ids) {
      if (this.#ahead !== ids) return;
      await this.load(id, query).catch(() => undefined);
    }
  }

  /** Cancels the loading of all cases except `id` and its neighbours. */
  only(id: string): void {
    for (const [other, { abort }] of this.#loads) {
      if (other === id || this.#ahead.includes(other)) continue;
      abort.abort();
      this.#loads.delete(other);
    }
  }

  /** Measures a case again after it grew (a proposal, say), and drops older cases if needed. */
  grown(id: string): void {
    const loaded = this.#cases.get(id);
    if (!loaded) return;
    // The cache computes the size of an entry only when it is set, so the case is set again.
    this.#cases.delete(id);
    this.#cases.set(id, loaded);
  }

  async #read(id: string, query: DetailQuery, signal: AbortSignal): Promise<LoadedCase> {
    const detail = await this.#client.case(id, query, signal);
    try {
      const masks = detail.case.labels.map(({ structure, mask }) => ({ structure, hash: mask }));
      const { imageHash } = detail.case;
      const ready = await this.#pixels({ id, imageHash, masks }, signal);
      if (!ready.image) throw new Error('the image is missing');
      return { detail, image: ready.image, labels: this.#make(detail, ready), quality: null };
    } catch (error) {
      throw new PixelsMissing(detail, error);
    }
  }
}
