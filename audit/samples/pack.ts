/**
 * Resamples images and masks of any size to the networks' square input and writes them to a sample set.
 * The caller reads them, from a project or an experiment.
 */
import { inOrder } from '../datasets/import/pipeline.ts';
import type { OnProgress } from '../datasets/types.ts';
import { resampleImage, resampleMask } from '../imaging/resample.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';

/** The image and masks of one case at their original size; the mask of an absent label is null. */
export interface SampleSource {
  readonly image: GreyImage;
  readonly labels: readonly (Mask | null)[];
  /** The true masks, if the manifest has them. */
  readonly truth?: readonly (Mask | null)[];
}

export interface SamplePackOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/** Most cases read at a time: while one is resampled, others are decoded. */
const IN_FLIGHT = 3;

/** The resampled masks of a case in one array, structure by structure; absent labels are all zero. */
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
 * Writes the sample set of `manifest` to `path`, with a few cases in memory at a time. On failure
 * or cancel nothing is left at `path`.
 * @param read gives the image and masks of the manifest's case `index`
 * @throws the error of `read`, or AbortError if cancelled
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
