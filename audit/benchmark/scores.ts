/** Scores the training cases of a sample set, and measures how well the damaged labels are found. */
import { join } from 'node:path';
import { labelKey } from '../contract/label-key.ts';
import type { OnProgress } from '../datasets/types.ts';
import { dice } from '../imaging/measure.ts';
import { evaluateScores } from '../ranking/evaluate.ts';
import type { Truth } from '../ranking/evaluate.ts';
import { PixelIssues } from '../ranking/issues.ts';
import { scoreLabels } from '../scoring/labels.ts';
import { openNetworks } from '../scoring/networks.ts';
import type { PreparedCase } from '../scoring/prepare.ts';
import type { LabelScore } from '../store/types.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { averagedLabelLosses, readEpochScores } from './epochs.ts';
import { calibrateCell, expectedFigures } from './expected.ts';
import type { ExpectedFigures } from './expected.ts';
import { Damage, kindFigures } from './kinds.ts';
import type { KindFigures } from './kinds.ts';
import type { NoiseEntry } from './noise.ts';
import { rivalFigures } from './rivals.ts';
import type { MeasureFigures, RivalLabel } from './rivals.ts';
import { SampleSet } from '../../models/sampleset.ts';
import type { Sample } from '../../models/sampleset.ts';

const BATCH = 8;

/** The dice of each label with its true mask; 1 if the sample set has no true masks. */
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

/** The dice of each training label with its true mask, by the label's key. */
export async function trainingDice(set: SampleSet): Promise<Map<string, number>> {
  const { cases, structures } = set.manifest;
  const found = new Map<string, number>();
  for (const [index, { id, split }] of cases.entries()) {
    if (split !== 'train') continue;
    const sample = await set.read(index);
    labelDice(set, sample).forEach((value, s) => found.set(labelKey(id, structures[s]), value));
  }
  return found;
}

/** The scores that a run's networks give the training labels. */
interface Said {
  readonly scores: LabelScore[];
  /** The share of pixels without an issue (`PixelIssues`) in each label, by the label's key. */
  readonly issues: ReadonlyMap<string, number>;
}

export interface CellScoreOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Scores the training cases of a sample set with the exported networks in `folder`. */
export async function scoreSamples(
  set: SampleSet,
  folder: string,
  options: CellScoreOptions,
): Promise<Said> {
  const networks = await openNetworks(
    join(folder, RUN_FILES.qam),
    join(folder, RUN_FILES.segmenter),
  );
  try {
    const { cases, structures, width, height } = set.manifest;
    const pixels = width * height;
    const training = cases.flatMap(({ split }, index) => (split === 'train' ? [index] : []));
    const counted = structures.map(() => new PixelIssues());
    const scores: LabelScore[] = [];
    for (let from = 0; from < training.length; from += BATCH) {
      options.signal?.throwIfAborted();
      const batch: PreparedCase[] = [];
      for (const index of training.slice(from, from + BATCH)) {
        const { id, masks } = cases[index];
        const sample = await set.read(index);
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
        issues.set(labelKey(cases[training[place]].id, structures[s]), value);
      }),
    );
    return { scores, issues };
  } finally {
    await networks.close();
  }
}

/** How well a cell's measures find the damaged labels, for all kinds of damage together and for each kind. */
export interface CellFigures {
  readonly evaluations: MeasureFigures[];
  readonly kinds: KindFigures[];
  readonly expected: ExpectedFigures;
}

/**
 * Scores the training cases of the sample set at `samples` with the exported networks in `folder`, and
 * measures how well each measure finds the damaged labels. The measures are those of the ranking, the
 * share of a label's pixels without an issue, and, if the run recorded it for each label, the loss
 * averaged over the training.
 * @param options.left says whether a case counts; a corrected case does not (see `Damage`)
 */
export async function evaluateSamples(
  samples: string,
  folder: string,
  plan: readonly NoiseEntry[],
  options: CellScoreOptions & { left?: (id: string) => boolean } = {},
): Promise<CellFigures> {
  const set = await SampleSet.open(samples);
  try {
    const { scores, issues } = await scoreSamples(set, folder, options);
    const losses = averagedLabelLosses(await readEpochScores(join(folder, RUN_FILES.scores)));
    const placeOf = new Map(set.manifest.cases.map(({ id }, index) => [id, index]));
    const labels = scores.map(({ case: id, structure }): RivalLabel => {
      const loss = losses?.[placeOf.get(id) ?? -1]?.[set.manifest.structures.indexOf(structure)];
      const issue = issues.get(labelKey(id, structure));
      const values = {
        ...(issue !== undefined && { 'pixel-issues': issue }),
        ...(loss !== undefined && { 'training-loss': 1 - loss }),
      };
      return { case: id, structure, values };
    });
    const truth = await trainingDice(set);
    const damage = new Damage(plan, truth, options.left);
    const known = await calibrateCell(set, folder, scores, options.signal);
    const { calibration } = known;
    const judge = (against: Truth): MeasureFigures[] => [
      ...evaluateScores(scores, against, { calibration }),
      ...rivalFigures(labels, against),
    ];
    return {
      evaluations: judge(damage.truth),
      kinds: kindFigures(damage, judge),
      expected: expectedFigures(scores, known, truth),
    };
  } finally {
    await set.close();
  }
}
