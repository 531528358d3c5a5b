/**
 * Packs samples into the trainer's file: pictures of any size in, the network's square out. Where
 * the pictures come from (a project, an experiment) is the caller's business.
 */
import { inOrder } from '../datasets/import/pipeline.ts';
import type { OnProgress } from '../datasets/types.ts';
import { resampleImage, resampleMask } from '../imaging/resample.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';

/** The pictures of one case as they lie on disk; a mask is null where nobody drew it. */
export interface SampleSource {
  readonly image: GreyImage;
  readonly labels: readonly (Mask | null)[];
  /** The true masks, when the manifest has them. */
  readonly truth?: readonly (Mask | null)[];
}

export interface SamplePackOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Cases read at a time: while one is resampled others are decoded, and the memory is bounded. */
const IN_FLIGHT = 3;

/** The planes of a case, structure by structure; absent ones are zero. */
function planes(masks: readonly (Mask | null)[], width: number, height: number): Uint8Array {
  const pixels = width * height;
  const packed = new Uint8Array(masks.length * pixels);
  masks.forEach((mask, index) => {
    if (mask !== null) packed.set(resampleMask(mask, width, height).data, index * pixels);
  });
  return packed;
}

/** One case at the network's resolution. */
export function toSample(source: SampleSource, width: number, height: number): Sample {
  return {
    image: resampleImage(source.image, width, height),
    labels: planes(source.labels, width, height),
    truth: source.truth === undefined ? null : planes(source.truth, width, height),
  };
}

/**
 * Writes the sample set of `manifest` to `path`; `read` gives the pictures of its i-th case. At
 * most a few cases are in memory. Nothing is left behind on failure or when cancelled.
 * @throws what `read` throws, or AbortError.
 */
export async function packSamples(
  path: string,
  manifest: SampleSetManifest,
  read: (index: number) => Promise<SampleSource>,
  options: SamplePackOptions = {},
): Promise<void> {
  const { width, height } = manifest;
  const total = manifest.cases.length;
  async function* samples(): AsyncGenerator<Sample> {
    let done = 0;
    for await (const source of inOrder(manifest.cases.keys(), IN_FLIGHT, read)) {
      options.signal?.throwIfAborted();
      yield toSample(source, width, height);
      done += 1;
      options.onProgress?.({
        task: 'samples',
        message: 'Preparing images',
        done,
        total,
        secondsLeft: null,
      });
    }
  }
  await writeSampleSet(path, manifest, samples());
}
