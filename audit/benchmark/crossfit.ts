/**
 * Cross-fitting is a rival of Overread's measures. The training cases are split into two folds. A
 * segmenter that was trained on one fold judges the other fold, so no segmenter has memorised the labels
 * that it judges.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { softDiceLoss, softmin } from '../imaging/agreement.ts';
import { PixelIssues } from '../ranking/issues.ts';
import type { Truth } from '../ranking/evaluate.ts';
import { recutSampleSet } from '../samples/recut.ts';
import { openSegmenter } from '../scoring/networks.ts';
import { dealFolds } from '../training/folds.ts';
import { trainOnce } from '../training/once.ts';
import type { TrainingRequest } from '../training/once.ts';
import { zScore } from '../../models/preprocess.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { RUN_FILES, foldFolder } from '../../models/run-files.ts';
import type { TrainerMessage } from '../../trainer/messages.ts';
import { Damage, kindFigures } from './kinds.ts';
import type { NoiseEntry } from './noise.ts';
import { rivalFigures } from './rivals.ts';
import type { MeasureFigures, RivalLabel } from './rivals.ts';
import { trainingDice } from './scores.ts';
import type { CellFigures } from './scores.ts';

const FOLDS = 2;

export interface CrossFitJob extends Pick<
  TrainingRequest,
  'runId' | 'folder' | 'sampleSet' | 'config' | 'backend' | 'signal'
> {
  /** @param fold the number of the fold, from 1 */
  readonly onMessage?: (message: TrainerMessage, fold: number) => void;
}

/** The ids of a split's cases, in the order of the sample set. */
const idsOf = ({ manifest }: SampleSet, split: 'train' | 'test'): string[] =>
  manifest.cases.filter((one) => one.split === split).map(({ id }) => id);

/** The cases of each fold, and the folder of the segmenter that is trained on the other fold. */
function foldsOf(ids: readonly string[], job: CrossFitJob): { ids: string[]; folder: string }[] {
  return dealFolds(ids, FOLDS, job.config.seed).map((own, index) => ({
    ids: own,
    folder: foldFolder(job.folder, index + 1),
  }));
}

/**
 * Trains for each fold a segmenter on the other fold. After an interruption, the same call continues.
 * @returns the folders of the segmenters, in the order of the folds
 */
export async function trainCrossFitted(job: CrossFitJob): Promise<string[]> {
  const { onMessage, ...common } = job;
  const set = await SampleSet.open(job.sampleSet);
  await set.close();
  const test = new Set(idsOf(set, 'test'));
  const folds = foldsOf(idsOf(set, 'train'), job);
  for (const [index, { ids, folder }] of folds.entries()) {
    const samples = join(folder, RUN_FILES.samples);
    await mkdir(folder, { recursive: true });
    if (!existsSync(samples)) {
      const unseen = new Set(ids);
      await recutSampleSet(job.sampleSet, samples, (id) =>
        test.has(id) ? 'test' : unseen.has(id) ? null : 'train',
      );
    }
    await trainOnce({
      ...common,
      folder,
      sampleSet: samples,
      startFrom: null,
      onMessage: (message) => onMessage?.(message, index + 1),
    });
  }
  return folds.map(({ folder }) => folder);
}

/** Scores each training label with the segmenter that was not trained on its case. */
async function judgeUnseen(set: SampleSet, job: CrossFitJob): Promise<RivalLabel[]> {
  const { cases, structures, width, height } = set.manifest;
  const pixels = width * height;
  const placeOf = new Map(cases.map(({ id }, index) => [id, index]));
  const counted = structures.map(() => new PixelIssues());
  const said: { case: string; structure: string; disagreement: number; softmin: number }[] = [];
  for (const { ids, folder } of foldsOf(idsOf(set, 'train'), job)) {
    const segmenter = await openSegmenter(join(folder, RUN_FILES.segmenter));
    try {
      for (const id of ids) {
        job.signal?.throwIfAborted();
        const sample = await set.read(placeOf.get(id) ?? 0);
        const probabilities = await segmenter.segment(zScore(sample.image), 1);
        structures.forEach((structure, s) => {
          const label = sample.labels.subarray(s * pixels, (s + 1) * pixels);
          const own = probabilities.subarray(s * pixels, (s + 1) * pixels);
          counted[s].observe(label, own);
          said.push({
            ...{ case: id, structure, softmin: softmin(label, own) },
            disagreement: softDiceLoss(label, own),
          });
        });
      }
    } finally {
      await segmenter.close();
    }
  }
  const issues = counted.map((one) => one.scores());
  return said.map(({ case: id, structure, ...one }, place) => ({
    case: id,
    structure,
    values: {
      'cross-fitted-disagreement': 1 - one.disagreement,
      'cross-fitted-softmin': one.softmin,
      'cross-fitted-pixel-issues':
        issues[place % structures.length][Math.floor(place / structures.length)],
    },
  }));
}

/** Measures how well the cross-fitted segmenters find the damaged labels. */
export async function evaluateCrossFitted(
  job: CrossFitJob,
  plan: readonly NoiseEntry[],
): Promise<Omit<CellFigures, 'expected'>> {
  const set = await SampleSet.open(job.sampleSet);
  try {
    const labels = await judgeUnseen(set, job);
    const damage = new Damage(plan, await trainingDice(set));
    const judge = (truth: Truth): MeasureFigures[] => rivalFigures(labels, truth);
    return { evaluations: judge(damage.truth), kinds: kindFigures(damage, judge) };
  } finally {
    await set.close();
  }
}
