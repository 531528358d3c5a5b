/**
 * Detects a collapse without knowing the truth. In a collapse the QAM and the segmenter confirm each
 * other's mistake (large masks are good masks, say), and the ranking is worthless, however sure it looks.
 * The signs are the QAM's scores of the given labels, and how these labels differ from the segmenter's
 * masks.
 */
import { mean, median, quantiles, spearman } from '../models/statistics.ts';
import type { CollapseReport, TrainConfig } from './messages.ts';
import type { CaseView } from './views.ts';

/**
 * If the rank correlation of the scores with the dice between label and segmenter is less than this, the
 * training collapsed.
 */
const LOWEST_AGREEMENT = -0.1;
/**
 * The bias is the natural logarithm of the segmenter's area over the label's area, as a median
 * (0.3 is 35 %). Beyond ± this bias, the segmenter and the people disagree about what the structure is.
 */
const LARGEST_BIAS = 0.3;
/**
 * If the bias is below minus this value (an area 20 times smaller than the label's), the reason says
 * “hardly draws” instead of a factor.
 */
const NOTHING_DRAWN = 3;
/** The scores follow a structure's size if their correlation with its area is beyond ± this value … */
const LARGEST_SIZE_CORRELATION = 0.5;
/** … and the segmenter has a bias of the same sign, and beyond ± this value. */
const SIZE_BIAS = 0.08;
/**
 * If the 10 % and 90 % quantiles of the cases' dice differ by less than this, the correlation of the dice
 * with the scores means nothing.
 */
const SMALLEST_DICE_SPREAD = 0.02;

/** Added to areas to keep their logarithm finite: a hundredth of a per cent of the image. */
const AREA_FLOOR = 1e-4;

/**
 * Measures the signs of a collapse, and decides whether there is one.
 * @param cases the training cases, with their labels of structures that were learned
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
    reasons.push('labels with better quality scores agree less with the segmenter');
  }
  names.forEach((name, structure) => {
    const seen = cases.flatMap(({ score, labels }) =>
      labels
        .filter((label) => label.structure === structure && label.area > 0)
        .map((label) => ({ score, label })),
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
