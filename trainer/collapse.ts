/**
 * Detects a collapse without knowing the truth. In a collapse the QAM and the segmenter confirm each
 * other's mistake (large masks are good masks, say), and the ranking is worthless, however sure it looks.
 * The signs are the QAM's scores of the given labels, and how these labels differ from the segmenter's
 * masks.
 */
import type { SampleSet } from '../models/sampleset.ts';
import { mean, median, quantiles, spearman } from '../models/statistics.ts';
import { disposeBatch, orderedBatches, readBatch } from './batches.ts';
import { hardDice } from './evaluation.ts';
import type { Learner } from './learner.ts';
import type { Tf } from './backends/types.ts';
import type { CollapseReport, TrainConfig } from './messages.ts';

/** The QAM's score of one case, and the case's labels that count. */
export interface CaseView {
  readonly score: number;
  readonly labels: readonly LabelView[];
}

export interface LabelView {
  readonly structure: number;
  /** Dice of the label with the segmenter's mask, 0 … 1. */
  readonly dice: number;
  /** Share of the image covered by the label and by the segmenter's mask, 0 … 1. */
  readonly area: number;
  readonly proposalArea: number;
}

/**
 * If the scores correlate less than this with the agreement between label and segmenter, it is a
 * collapse.
 */
const LOWEST_AGREEMENT = -0.1;
/**
 * The bias is the natural logarithm of the segmenter's area over the label's area, as a median
 * (0.3 is 35 %). Beyond this bias, the segmenter and the people disagree about what the structure is.
 */
const LARGEST_BIAS = 0.3;
/**
 * If the segmenter draws less by more than this bias (20 times), the reason says “hardly draws”, not a
 * factor.
 */
const NOTHING_DRAWN = 3;
/** The scores have learned a structure's size if they correlate with its area more than this … */
const LARGEST_SIZE_CORRELATION = 0.5;
/** … and the segmenter has a bias of the same sign and more than this. */
const SIZE_BIAS = 0.08;
/**
 * If the dice of the cases (10 to 90 % quantile) differ by less than this, their correlation means
 * nothing.
 */
const SMALLEST_DICE_SPREAD = 0.02;

/** Added to areas to keep their logarithm finite: a hundredth of a per cent of the image. */
const AREA_FLOOR = 1e-4;

/**
 * Measures the signs of a collapse, and decides. Pure.
 * @param names the names of the structures
 * @param preset the preset of the training
 */
export function judgeCollapse(
  cases: readonly CaseView[],
  names: readonly string[],
  preset: TrainConfig['preset'],
): CollapseReport {
  const scores = cases.map((one) => one.score);
  const dice = cases.map((one) => mean(one.labels.map((label) => label.dice)));
  const [low, high] = quantiles(dice, [0.1, 0.9]) ?? [0, 0];
  const agreement = high - low < SMALLEST_DICE_SPREAD ? null : spearman(scores, dice);
  const signs: Record<string, number | null> = { agreement };
  const reasons: string[] = [];
  if (agreement !== null && agreement < LOWEST_AGREEMENT) {
    reasons.push('the quality scores rank against the agreement with the segmenter');
  }
  names.forEach((name, structure) => {
    const seen = cases.flatMap(({ score, labels }) =>
      labels.filter((label) => label.structure === structure).map((label) => ({ score, label })),
    );
    if (seen.length < 2) return;
    const bias = median(
      seen.map(({ label }) =>
        Math.log((label.proposalArea + AREA_FLOOR) / (label.area + AREA_FLOOR)),
      ),
    );
    const size = spearman(
      seen.map(({ score }) => score),
      seen.map(({ label }) => label.area),
    );
    signs[`bias ${name}`] = bias;
    signs[`size ${name}`] = size;
    if (Math.abs(bias) > LARGEST_BIAS) {
      reasons.push(
        bias < -NOTHING_DRAWN
          ? `the segmenter hardly draws the ${name} at all`
          : `the segmenter draws the ${name} ${Math.exp(Math.abs(bias)).toFixed(1)} times ${bias > 0 ? 'larger' : 'smaller'} than most labels`,
      );
    } else if (
      size !== null &&
      Math.abs(size) > LARGEST_SIZE_CORRELATION &&
      size * bias > 0 &&
      Math.abs(bias) > SIZE_BIAS
    ) {
      reasons.push(
        `the quality scores follow the size of the ${name} (correlation ${size.toFixed(2)}), and so does the segmenter`,
      );
    }
  });
  const collapsed = reasons.length > 0;
  const other = preset === 'overread' ? '' : 'the preset "overread", ';
  return {
    collapsed,
    message: collapsed
      ? `This training collapsed: ${reasons.join('; ')}. Do not trust its ranking; train again with ${other}a longer --warm-up, or more --epochs.`
      : 'No sign of a collapse.',
    signs,
  };
}

/** Runs the networks over every training case and judges the results. */
export async function assessCollapse(
  tf: Tf,
  learner: Learner,
  set: SampleSet,
  cases: readonly number[],
  { batchSize, preset }: { batchSize: number; preset: TrainConfig['preset'] },
): Promise<CollapseReport> {
  const { structures } = set.manifest;
  const views: CaseView[] = [];
  for (const indices of orderedBatches(cases, batchSize)) {
    const batch = await readBatch(tf, set, indices);
    const scores = await learner.score(batch);
    const { probabilities } = await learner.segment(batch);
    const dice = await hardDice(tf, probabilities, batch.labels);
    const shares = tf.tidy(() => {
      const drawn = tf.cast(tf.greater(probabilities, 0.5), 'float32');
      return [batch.labels, drawn].map((masks) => tf.mean(masks, [1, 2]));
    });
    const [areas, proposalAreas] = await Promise.all(shares.map((one) => one.data<'float32'>()));
    tf.dispose(shares);
    indices.forEach((index, slot) => {
      const labels = structures.flatMap((_, structure): LabelView[] => {
        if (!set.manifest.cases[index].present[structure]) return [];
        const at = slot * structures.length + structure;
        return [{ structure, dice: dice[at], area: areas[at], proposalArea: proposalAreas[at] }];
      });
      views.push({ score: scores[slot], labels });
    });
    probabilities.dispose();
    disposeBatch(batch);
  }
  return judgeCollapse(views, structures, preset);
}
