/** What the networks of a run say of the training cases of its own sample set. */
import { join } from 'node:path';
import { z } from 'zod';
import type { OnProgress } from '../datasets/types.ts';
import { dice } from '../imaging/measure.ts';
import { RankBy } from '../contract/terms.ts';
import type { RankPer } from '../contract/terms.ts';
import { evaluateScores, figuresOf } from '../ranking/evaluate.ts';
import type { Figures } from '../ranking/evaluate.ts';
import { PixelIssues } from '../ranking/issues.ts';
import { scoreLabels } from '../scoring/labels.ts';
import { openNetworks } from '../scoring/networks.ts';
import type { PreparedCase } from '../scoring/prepare.ts';
import type { LabelScore } from '../store/types.ts';
import { RUN_FILES } from '../training/once.ts';
import { averagedLabelLosses, readEpochScores } from './epochs.ts';
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

/** Measures that are compared beside the application's own. */
const RIVALS = ['pixel-issues', 'training-loss'] as const;
export const Measure = z.enum([...RankBy.options, ...RIVALS]);
export type Measure = z.infer<typeof Measure>;

export interface MeasureFigures extends Figures {
  readonly by: Measure;
  readonly per: RankPer;
}

/** One training label with everything that is said of it, and the truth. */
interface Labelled {
  readonly case: string;
  readonly structure: string;
  readonly error: boolean;
  readonly dice: number;
  readonly values: Readonly<Partial<Record<(typeof RIVALS)[number], number>>>;
}

/** The figures of the measures that the ranking does not have; of a case, the mean of its labels. */
function rivalFigures(labels: readonly Labelled[]): MeasureFigures[] {
  const cases = new Map<string, Labelled[]>();
  for (const label of labels) {
    const own = cases.get(label.case);
    if (own) own.push(label);
    else cases.set(label.case, [label]);
  }
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return RIVALS.flatMap((by) => {
    const valueOf = ({ values }: Labelled): number | null => values[by] ?? null;
    if (labels.some((label) => valueOf(label) === null)) return [];
    const score = (label: Labelled): number => valueOf(label) ?? 0;
    const perCase = [...cases.values()].map((own) => ({
      score: mean(own.map(score)),
      error: own.some(({ error }) => error),
      dice: mean(own.map(({ dice }) => dice)),
    }));
    const perLabel = labels.map((label) => ({ ...label, score: score(label) }));
    return [
      { by, per: 'case' as const, ...figuresOf(perCase) },
      { by, per: 'label' as const, ...figuresOf(perLabel) },
    ];
  });
}

/** What a run's networks said of its training labels, before it is compared with the truth. */
interface Said {
  readonly scores: LabelScore[];
  /** By `case\0structure`: dice with the true mask, and the share of pixels without an issue. */
  readonly dice: ReadonlyMap<string, number>;
  readonly issues: ReadonlyMap<string, number>;
}

async function scoreSamples(set: SampleSet, folder: string, options: Options): Promise<Said> {
  const networks = await openNetworks(
    join(folder, RUN_FILES.qam),
    join(folder, RUN_FILES.segmenter),
  );
  try {
    const { cases, structures, width, height } = set.manifest;
    const pixels = width * height;
    const training = cases.flatMap(({ split }, index) => (split === 'train' ? [index] : []));
    const dice = new Map<string, number>();
    const counted = structures.map(() => new PixelIssues());
    const scores: LabelScore[] = [];
    for (let from = 0; from < training.length; from += BATCH) {
      options.signal?.throwIfAborted();
      const batch: PreparedCase[] = [];
      for (const index of training.slice(from, from + BATCH)) {
        const { id, masks } = cases[index];
        const sample = await set.read(index);
        labelDice(set, sample).forEach((value, s) => dice.set(`${id}\0${structures[s]}`, value));
        const task = { id, imageFile: '', imageHash: '', width, height, masks };
        batch.push({ task, sample });
      }
      scores.push(
        ...(await scoreLabels(networks, batch, (item, s, probabilities) => {
          const label = batch[item].sample.labels.subarray(s * pixels, (s + 1) * pixels);
          counted[s].observe(label, probabilities);
        })),
      );
      options.onProgress?.({
        task: 'score',
        message: 'Scoring the training labels',
        done: Math.min(from + BATCH, training.length),
        total: training.length,
        secondsLeft: null,
      });
    }
    const issues = new Map<string, number>();
    counted.forEach((one, s) =>
      one.scores().forEach((value, place) => {
        issues.set(`${cases[training[place]].id}\0${structures[s]}`, value);
      }),
    );
    return { scores, dice, issues };
  } finally {
    await networks.close();
  }
}

interface Options {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Scores the training cases of the sample set at `samples` with the exported networks in `folder`,
 * and compares what every measure says with what was damaged: the ranking's own, the number of pixel
 * issues, and the loss averaged over the training (left out for runs that did not keep it by label).
 * @param damaged ids of the cases whose labels were damaged
 */
export async function evaluateSamples(
  samples: string,
  folder: string,
  damaged: ReadonlySet<string>,
  options: Options = {},
): Promise<MeasureFigures[]> {
  const set = await SampleSet.open(samples);
  try {
    const { scores, dice, issues } = await scoreSamples(set, folder, options);
    const losses = averagedLabelLosses(await readEpochScores(join(folder, RUN_FILES.scores)));
    const placeOf = new Map(set.manifest.cases.map(({ id }, index) => [id, index]));
    const labels = scores.map((score): Labelled => {
      const key = `${score.case}\0${score.structure}`;
      const loss =
        losses?.[placeOf.get(score.case) ?? -1]?.[set.manifest.structures.indexOf(score.structure)];
      const issue = issues.get(key);
      return {
        case: score.case,
        structure: score.structure,
        error: damaged.has(score.case),
        dice: dice.get(key) ?? 1,
        values: {
          ...(issue !== undefined && { 'pixel-issues': issue }),
          ...(loss !== undefined && { 'training-loss': 1 - loss }),
        },
      };
    });
    const own = evaluateScores(scores, (id, structure) => ({
      error: damaged.has(id),
      dice: dice.get(`${id}\0${structure}`) ?? 1,
    }));
    return [...own, ...rivalFigures(labels)];
  } finally {
    await set.close();
  }
}
