/**
 * The network of the SAM family that a person chose in the settings. The encoder runs once a case and its output is
 * kept; the decoder runs for each click or box.
 */
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { resampleImage } from '../../imaging/resample.ts';
import { windowed } from '../../imaging/window.ts';
import { UserError } from '../../errors.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { openSegmentAnything } from '../../../models/onnx/segment-anything.ts';
import type { Embedding, Prompts, SegmentAnything } from '../../../models/onnx/segment-anything.ts';
import type { Pixels } from './pixels.ts';

/** So many cases' embeddings are kept, of some megabytes each. */
const KEPT = 8;

/** @throws UserError if the folder does not hold an encoder and a decoder that can be run */
async function openIn(folder: string): Promise<SegmentAnything> {
  return openSegmentAnything(folder).catch((error: Error) => {
    // The message says in one sentence what is wrong.
    throw new UserError(error.message, { code: 'bad-file', cause: error });
  });
}

export class ClickModel {
  #folder = '';
  #opened: SegmentAnything | null = null;
  readonly #embeddings = new LRUCache<string, Embedding>({ max: KEPT });
  /** One inference after the other, since a network uses all threads. */
  readonly #inTurn = pLimit(1);

  /** Opens and closes the networks in a folder. @throws UserError as `segment` */
  async check(folder: string): Promise<void> {
    await (await openIn(folder)).close();
  }

  /** Runs the encoder on a case, unless that was done. @throws UserError as `segment` */
  async prepare(folder: string, summary: CaseSummary, pixels: Pixels): Promise<void> {
    await this.#inTurn(() => this.#embedding(folder, summary, pixels));
  }

  /**
   * @returns the mask of what the prompts point at, at the image's size
   * @throws UserError if the folder does not hold networks that can be run
   */
  async segment(
    folder: string,
    summary: CaseSummary,
    pixels: Pixels,
    prompts: Prompts,
  ): Promise<Uint8Array> {
    return this.#inTurn(async () => {
      const embedding = await this.#embedding(folder, summary, pixels);
      const model = await this.#model(folder);
      return model.decode(embedding, prompts);
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      await this.#opened?.close();
      this.#opened = null;
    });
  }

  async #embedding(folder: string, summary: CaseSummary, pixels: Pixels): Promise<Embedding> {
    const model = await this.#model(folder);
    const kept = this.#embeddings.get(summary.imageHash);
    if (kept) return kept;
    const { image } = await pixels.image(summary);
    const { width, height } = image;
    const embedding = await model.encode({
      width,
      height,
      data: windowed(resampleImage(image, width, height)),
    });
    this.#embeddings.set(summary.imageHash, embedding);
    return embedding;
  }

  async #model(folder: string): Promise<SegmentAnything> {
    if (this.#opened && this.#folder === folder) return this.#opened;
    const next = await openIn(folder);
    await this.#opened?.close();
    this.#embeddings.clear();
    this.#opened = next;
    this.#folder = folder;
    return next;
  }
}
