/**
 * A small sample set made by code: bright discs on a ramp of grey. The option `wrong` makes labels far too
 * large.
 */
import { join } from 'node:path';
import { Random } from '../../models/random.ts';
import { writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';
import { PRESETS } from '../../trainer/messages.ts';
import type { TrainConfig } from '../../trainer/messages.ts';

export const SIDE = 32;

export interface SampleSetOptions {
  readonly count?: number;
  /** Indices of the cases whose first label is 5 px too large in radius. */
  readonly wrong?: readonly number[];
  /** Indices of the cases whose second label is absent and does not count. */
  readonly absent?: readonly number[];
  /** Whether an image shows the second structure; its label is empty where it does not. Default: all do. */
  readonly shows?: (index: number) => boolean;
  readonly test?: number;
  /** Whether the file holds the true masks; default: it does. */
  readonly truth?: boolean;
}

/**
 * Writes a sample set with two structures: a large disc on the left, a small one on the right.
 * @returns the file's path
 */
export async function discSampleSet(
  folder: string,
  {
    count = 12,
    wrong = [],
    absent = [],
    shows = () => true,
    test = 0,
    truth: hasTruth = true,
  }: SampleSetOptions = {},
): Promise<string> {
  const path = join(folder, 'samples.ovrset');
  const manifest: SampleSetManifest = {
    version: 1,
    width: SIDE,
    height: SIDE,
    structures: ['large', 'small'],
    truth: hasTruth,
    cases: Array.from({ length: count + test }, (_, index) => ({
      id: `case${index}`,
      split: index < count ? 'train' : 'test',
      present: [true, !absent.includes(index)],
      masks: [`large ${index}`, `small ${index}`],
    })),
  };
  await writeSampleSet(path, manifest, samples());
  return path;

  async function* samples(): AsyncGenerator<Sample> {
    for (let index = 0; index < count + test; index++) {
      const source = Random.forTraining(index, 'disc');
      const large = { x: 10 + source.normal(), y: 16 + source.normal(), r: 7 };
      const radius = shows(index) ? 3 : -1;
      const small = { x: 25 + source.normal(), y: 12 + source.normal(), r: radius };
      const truth = Uint8Array.from([...disc(large), ...disc(small)]);
      const given = wrong.includes(index) ? { ...large, r: large.r + 5 } : large;
      const labels = Uint8Array.from([...disc(given), ...disc(small)]);
      const image = Uint16Array.from({ length: SIDE * SIDE }, (_, pixel) => {
        const inside = truth[pixel] * 22_000 + truth[SIDE * SIDE + pixel] * 12_000;
        return 12_000 + (pixel % SIDE) * 150 + inside + Math.round(source.normal() * 900);
      });
      yield { image, labels, truth: hasTruth ? truth : null };
    }
  }
}

function disc({ x, y, r }: { x: number; y: number; r: number }): Uint8Array {
  return Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) =>
    Math.hypot((pixel % SIDE) - x, Math.floor(pixel / SIDE) - y) <= r ? 1 : 0,
  );
}

/** A configuration with small networks and few epochs. */
export function smallConfig(change: Partial<TrainConfig> = {}): TrainConfig {
  return {
    ...PRESETS.overread,
    epochs: 4,
    batch: 4,
    width: 4,
    levels: 3,
    qamWidths: [4, 8],
    warmUp: 2,
    averageEpochs: 2,
    validationShare: 0,
    patience: null,
    learningRate: 1e-2,
    qamLearningRate: 1e-2,
    ...change,
  };
}
