/**
 * Finds the well-labelled case that looks most like a given case: the one whose image, reduced to 32 × 32,
 * has the highest normalised correlation. It looks among the cases in the sample set of the run that ranks.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { SimilarCase } from '../../contract/api.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { resampleImage } from '../../imaging/resample.ts';
import type { GreyImage } from '../../imaging/types.ts';
import type { ProjectReader } from '../../store/types.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import { SampleSet } from '../../../models/sampleset.ts';
import type { Labels } from './labels.ts';
import type { Pixels } from '../pictures/pixels.ts';
import type { Rankings } from './rankings.ts';

const SIDE = 32;
/** The most cases that are compared. Of a larger sample set, every n-th case is compared. */
const COMPARED = 4000;
/** Number of cases after which other requests are served, since reading a whole sample set takes a while. */
const BREATH = 64;

/**
 * An image as a vector of 32 × 32 area averages, with mean 0 and length 1. The scalar product of two such
 * vectors is the normalised correlation of the images. A flat image gives zeros.
 */
export function descriptor(image: GreyImage): Float32Array {
  const small = Float32Array.from(resampleImage(image, SIDE, SIDE));
  const mean = small.reduce((sum, value) => sum + value, 0) / small.length;
  let square = 0;
  for (let i = 0; i < small.length; i += 1) {
    small[i] -= mean;
    square += small[i] ** 2;
  }
  const length = Math.sqrt(square);
  return length > 0 ? small.map((value) => value / length) : small;
}

export function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

type Descriptors = ReadonlyMap<string, Float32Array>;

async function descriptorsOf(path: string): Promise<Map<string, Float32Array>> {
  const set = await SampleSet.open(path);
  try {
    const { width, height, cases } = set.manifest;
    const every = Math.max(1, Math.ceil(cases.length / COMPARED));
    const descriptors = new Map<string, Float32Array>();
    for (let index = 0; index < cases.length; index += every) {
      const { image } = await set.read(index);
      const sample = { width, height, bits: 16, data: image };
      descriptors.set(cases[index].id, descriptor(sample));
      if (descriptors.size % BREATH === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    return descriptors;
  } finally {
    await set.close();
  }
}

const none = (because: string): SimilarCase => ({ case: null, correlation: null, because });

export class SimilarCases {
  readonly #project: ProjectReader;
  readonly #labels: Labels;
  readonly #rankings: Rankings;
  readonly #pixels: Pixels;
  /** The descriptors of the sample set that was needed last, by the path of its file. */
  readonly #descriptors = new LRUCache<string, Descriptors>({
    max: 1,
    fetchMethod: (path) => descriptorsOf(path),
    // If two requests need different sample sets, the first one still gets its descriptors.
    ignoreFetchAbort: true,
  });

  constructor(project: ProjectReader, labels: Labels, rankings: Rankings, pixels: Pixels) {
    this.#project = project;
    this.#labels = labels;
    this.#rankings = rankings;
    this.#pixels = pixels;
  }

  /** @throws UnreadableFile when the case's own image cannot be read */
  async of(summary: CaseSummary): Promise<SimilarCase> {
    const model = this.#rankings.model();
    const isRun = model !== null && this.#project.run(model) !== null;
    if (!isRun) return none('Nothing was trained yet: train first, then cases can be compared.');
    const path = join(this.#project.runFolder(model), RUN_FILES.samples);
    if (!existsSync(path)) {
      return none('The newest run no longer has its samples: train again, then compare.');
    }
    const descriptors = await this.#descriptors.forceFetch(path);
    const own = descriptors.get(summary.id) ?? (await this.#descriptorOf(summary));
    let best: { id: string; value: number } | null = null;
    for (const [id, other] of descriptors) {
      if (id === summary.id || !this.#isWellLabelled(id)) continue;
      const value = correlation(own, other);
      if (!best || value > best.value) best = { id, value };
    }
    if (!best) return none('No other case is accepted or well scored yet.');
    const value = Math.max(-1, Math.min(1, best.value));
    return { case: best.id, correlation: value, because: null };
  }

  async #descriptorOf(summary: CaseSummary): Promise<Float32Array> {
    return descriptor((await this.#pixels.image(summary)).image);
  }

  /**
   * Whether a case is accepted or fixed by a person, or has no verdict and is in the better half of the
   * ranking.
   */
  #isWellLabelled(id: string): boolean {
    const index = this.#labels.indexOf(id);
    if (index < 0) return false;
    const verdict = this.#labels.caseVerdict(index);
    if (verdict !== null) return verdict === 'accepted' || verdict === 'fixed';
    const ranking = this.#rankings.get({ by: 'combined', per: 'case' });
    return ranking !== null && 2 * ranking.rowOf(index, 0) >= ranking.length;
  }
}
