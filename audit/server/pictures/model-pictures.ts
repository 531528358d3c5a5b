/**
 * The output of a run's networks for one case: the segmenter's proposal and the QAM's quality map. The
 * networks used last stay open, and the newest outputs are kept in memory.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { UserError } from '../../errors.ts';
import { resampleImage, resampleMask } from '../../imaging/resample.ts';
import type { QualityMap } from '../../contract/client.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import type { Mask } from '../../imaging/types.ts';
import type { ProjectReader } from '../../store/types.ts';
import { shownNetwork } from '../../training/shown.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import { openModel } from '../../../models/onnx/inference.ts';
import type { OpenModel } from '../../../models/onnx/inference.ts';
import { zScore } from '../../../models/preprocess.ts';
import { cacheOfBytes } from './caches.ts';
import type { Pixels } from './pixels.ts';
import { Refusal } from '../http/respond.ts';
import { pictureVersion } from './picture-version.ts';

/** How many networks stay open. */
const OPEN = 4;
/** The most bytes kept of the segmenters' outputs; the same limit holds for the QAMs' outputs. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Probabilities of all structures, structures × height × width at the network's resolution. */
interface Probabilities {
  readonly width: number;
  readonly height: number;
  readonly structures: readonly string[];
  readonly values: Float32Array;
}

export class ModelViews {
  readonly #project: ProjectReader;
  readonly #pixels: Pixels;
  readonly #open = new LRUCache<string, OpenModel>({ max: OPEN });
  readonly #probabilities = cacheOfBytes<Probabilities>(
    KEPT_BYTES,
    ({ values }) => values.byteLength,
  );
  readonly #maps = cacheOfBytes<QualityMap>(KEPT_BYTES, ({ values }) => values.byteLength);
  /** One inference after the other, since a network uses all its threads. */
  readonly #inTurn = pLimit(1);

  constructor(project: ProjectReader, pixels: Pixels) {
    this.#project = project;
    this.#pixels = pixels;
  }

  /** The network that is shown for a case, or for one of its labels (`shownNetwork`). */
  file(
    model: string | null,
    id: string,
    kind: 'segmenter' | 'qam',
    structure?: string,
  ): Promise<string | null> {
    return shownNetwork(this.#project, model, id, kind, structure);
  }

  /**
   * The segmenter's mask of a structure, at the image's size.
   * @throws Refusal (404) when the run has no segmenter, or the segmenter does not know the structure
   */
  async proposal(model: string | null, summary: CaseSummary, structure: string): Promise<Mask> {
    const path = await this.file(model, summary.id, 'segmenter', structure);
    if (path === null) {
      throw new Refusal(404, 'No segmenter has a proposal for this case: train first.');
    }
    const all = await this.#inTurn(() => this.#segment(path, summary));
    const index = all.structures.indexOf(structure);
    if (index < 0) throw new Refusal(404, `The model does not know “${structure}”.`);
    const pixels = all.width * all.height;
    const plane = all.values.subarray(index * pixels, (index + 1) * pixels);
    const data = Uint16Array.from(plane, (value) => Math.round(value * 65_535));
    const { width, height } = summary;
    const large = resampleImage(
      { width: all.width, height: all.height, bits: 16, data },
      width,
      height,
    );
    return { width, height, data: Uint8Array.from(large, (value) => (value >= 32_768 ? 1 : 0)) };
  }

  /**
   * The QAM's quality map of a case with its newest labels, and with proposals for absent labels.
   * @throws Refusal (404) when the run has no QAM; Refusal (400) when the QAM has no quality map
   */
  async quality(model: string | null, summary: CaseSummary): Promise<QualityMap> {
    const path = await this.file(model, summary.id, 'qam');
    if (path === null) {
      throw new Refusal(404, 'No quality network has judged this case: train first.');
    }
    const key = `${path} ${pictureVersion(summary, this.#project.structures)}`;
    return this.#inTurn(async () => {
      const map = this.#maps.get(key) ?? (await this.#judge(path, summary));
      this.#maps.set(key, map);
      return map;
    });
  }

  async close(): Promise<void> {
    await this.#inTurn(async () => {
      for (const model of this.#open.values()) await model.close();
      this.#open.clear();
    });
  }

  /** The network's structures as they are called now; a removed one keeps the network's name. */
  #namesOf({ structures }: OpenModel): string[] {
    return structures.map((name) => this.#project.nameNow(name) ?? name);
  }

  async #segment(path: string, summary: CaseSummary): Promise<Probabilities> {
    const key = `${path} ${summary.imageHash}`;
    const cached = this.#probabilities.get(key);
    if (cached) return cached;
    const model = await this.#model(path);
    const { width, height } = model;
    const structures = this.#namesOf(model);
    const { image } = await this.#pixels.image(summary);
    const output = await model.run(zScore(resampleImage(image, width, height)), 1);
    const probabilities = { width, height, structures, values: output.probabilities };
    this.#probabilities.set(key, probabilities);
    return probabilities;
  }

  async #judge(path: string, summary: CaseSummary): Promise<QualityMap> {
    const model = await this.#model(path);
    const { width, height } = model;
    const structures = this.#namesOf(model);
    if (model.scores !== 1 || model.seesProposal) {
      throw new Refusal(400, 'This model is a variant for experiments, which has no quality map.');
    }
    const pixels = width * height;
    const { image } = await this.#pixels.image(summary);
    const input = new Float32Array((structures.length + 1) * pixels);
    zScore(resampleImage(image, width, height), input.subarray(0, pixels));
    for (const [index, structure] of structures.entries()) {
      const label = summary.labels.find((candidate) => candidate.structure === structure);
      // The proposal stands in for an absent label, as in scoring.
      const mask =
        label?.state === 'absent' || label === undefined
          ? await this.#proposalBeside(path, summary, structure)
          : await this.#project.mask(summary.id, structure);
      if (mask) input.set(resampleMask(mask, width, height).data, (index + 1) * pixels);
    }
    const { score, quality_map: values } = await model.run(input, 1);
    // The values come without a size. The map has the input's aspect ratio, so its size can be computed.
    const rows = Math.max(1, Math.round(Math.sqrt((values.length * height) / width)));
    return { width: values.length / rows, height: rows, values, score: score[0] };
  }

  /**
   * The proposal of the segmenter in the QAM's folder, at the network's size; null if there is no segmenter
   * or it does not know the structure.
   */
  async #proposalBeside(
    qam: string,
    summary: CaseSummary,
    structure: string,
  ): Promise<Mask | null> {
    const path = join(qam, '..', RUN_FILES.segmenter);
    if (!existsSync(path)) return null;
    const all = await this.#segment(path, summary);
    const pixels = all.width * all.height;
    const index = all.structures.indexOf(structure);
    if (index < 0) return null;
    const plane = all.values.subarray(index * pixels, (index + 1) * pixels);
    const data = Uint8Array.from(plane, (value) => (value >= 0.5 ? 1 : 0));
    return { width: all.width, height: all.height, data };
  }

  async #model(path: string): Promise<OpenModel> {
    const cached = this.#open.get(path);
    if (cached) return cached;
    const model = await openModel(path, { threads: 2 }).catch((error: Error) => {
      // The message says in one sentence what is wrong with the file.
      throw new UserError(error.message, { cause: error });
    });
    // The network unused for longest is removed here, because the cache would not wait for its closing.
    const oldest = this.#open.size === OPEN ? this.#open.pop() : undefined;
    this.#open.set(path, model);
    await oldest?.close();
    return model;
  }
}
