/** What the networks of a run say of the training cases of its own sample set. */
import { join } from 'node:path';
import type { OnProgress } from '../datasets/types.ts';
import { dice } from '../imaging/measure.ts';
import { evaluateScores } from '../ranking/evaluate.ts';
import type { Evaluation } from '../ranking/evaluate.ts';
import { scoreLabels } from '../scoring/labels.ts';
import { openNetworks } from '../scoring/networks.ts';
import type { PreparedCase } from '../scoring/prepare.ts';
import type { LabelScore } from '../store/types.ts';
import { RUN_FILES } from '../training/once.ts';
import { SampleSet } from '../../models/sampleset.ts';
import type { Sample } from '../../models/sampleset.ts';

const BATCH = 8;

/** Dice of each label as given with the true mask; one that equals it is no error. */
function labelDice(set: SampleSet, sample: Sample): number[] {
  const { width, height, structures } = set.manifest;
  const pixels = width * height;
  return structures.map((_, s) => {
    const plane = (planes: Uint8Array) => ({
      width,
      height,
      data: planes.subarray(s * pixels, (s + 1) * pixels),
    });
    return dice(plane(sample.labels), plane(sample.truth ?? sample.labels));
  });
}

/**
 * Scores the training cases of the sample set at `samples` with the exported networks in `folder`,
 * and compares the scores with what was damaged.
 * @param damaged ids of the cases whose labels were damaged
 */
export async function evaluateSamples(
  samples: string,
  folder: string,
  damaged: ReadonlySet<string>,
  options: { signal?: AbortSignal | undefined; onProgress?: OnProgress | undefined } = {},
): Promise<Evaluation[]> {
  const set = await SampleSet.open(samples);
  const networks = await openNetworks(
    join(folder, RUN_FILES.qam),
    join(folder, RUN_FILES.segmenter),
  );
  try {
    const { cases, structures, width, height } = set.manifest;
    const training = cases.flatMap(({ split }, index) => (split === 'train' ? [index] : []));
    const known = new Map<string, number>();
    const scores: LabelScore[] = [];
    for (let from = 0; from < training.length; from += BATCH) {
      options.signal?.throwIfAborted();
      const batch: PreparedCase[] = [];
      for (const index of training.slice(from, from + BATCH)) {
        const { id, masks } = cases[index];
        const sample = await set.read(index);
        labelDice(set, sample).forEach((value, s) => known.set(`${id}\0${structures[s]}`, value));
        const task = { id, imageFile: '', imageHash: '', width, height, masks };
        batch.push({ task, sample });
      }
      scores.push(...(await scoreLabels(networks, batch)));
      options.onProgress?.({
        task: 'score',
        message: 'Scoring the training labels',
        done: Math.min(from + BATCH, training.length),
        total: training.length,
        secondsLeft: null,
      });
    }
    return evaluateScores(scores, (id, structure) => ({
      error: damaged.has(id),
      dice: known.get(`${id}\0${structure}`) ?? 1,
    }));
  } finally {
    await networks.close();
    await set.close();
  }
}
