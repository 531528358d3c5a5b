/** Computes how well each measure ranks known errors: the figures that `overread evaluate` prints. */
import { labelKey } from '../contract/label-key.ts';
import { RankBy, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { spearman } from '../../models/statistics.ts';
import { ERROR_LEVELS } from './error-dice.ts';
import { auroc, averagePrecision, liftAt } from './metrics.ts';
import { calibrationOf } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { modelJudgement, rankingModel } from './model.ts';
import { hasMeasure, ordersOf } from './order.ts';
import { presentScores } from './present.ts';
import { columnsOf, namesOf } from './score-columns.ts';

/** The truth about one label: whether it is an error, and its dice with the true mask. */
export interface LabelTruth {
  readonly error: boolean;
  /** 0 … 1, or null if it is unknown; Spearman's correlation then leaves out the label and its case. */
  readonly dice: number | null;
}

/** The truth about a label, by its case id and structure, or null if it is not known. */
export type Truth = (id: string, structure: string) => LabelTruth | null;

/** The shares of the list for which the lift is computed. */
const LIFT_SHARES = [0.05, 0.1, 0.2] as const;

/**
 * How well errors are found if a label is an error when its dice is below `below`. A case is an error when
 * its label with the lowest dice is one.
 */
export interface LevelFigures {
  readonly below: number;
  readonly errors: number;
  /** Null if there is no error, or if there are only errors. */
  readonly auroc: number | null;
}

/** How good an order is. A figure is null if it is undefined: the AUROC, for example, without an error. */
export interface Figures {
  readonly count: number;
  readonly errors: number;
  readonly auroc: number | null;
  readonly auprc: number | null;
  /** Share of errors among the worst 5, 10 and 20 %, divided by their share in the whole list. */
  readonly lift: { share: number; lift: number | null }[];
  /**
   * Errors and AUROC for several thresholds: a label with a lower dice is an error. Empty if no thresholds
   * were asked for, or if the dice of an error is unknown.
   */
  readonly levels: LevelFigures[];
  /** Spearman's ρ between the score and the true dice; the dice of a case is the mean of its labels. */
  readonly spearman: number | null;
}

/** The figures of one measure, per case or per label. */
export interface Evaluation extends Figures {
  readonly by: RankBy;
  readonly per: RankPer;
}

/** One case or label: its score (lower is worse) and the truth. */
export interface Judged {
  readonly score: number;
  readonly error: boolean;
  /** The true dice of a label, or the mean true dice of a case's labels; null if unknown. */
  readonly dice: number | null;
  /** The true dice of a label, or the lowest true dice of a case's labels; null if unknown. */
  readonly lowest: number | null;
}

function levelsOf(judged: readonly Judged[], levels: readonly number[]): LevelFigures[] {
  if (judged.some(({ error, lowest }) => error && lowest === null)) return [];
  const scores = judged.map(({ score }) => score);
  return levels.map((below) => {
    const errors = judged.map(({ lowest }) => lowest !== null && lowest < below);
    return { below, errors: errors.filter(Boolean).length, auroc: auroc(scores, errors) };
  });
}

/** @param levels the thresholds of `Figures.levels` */
export function figuresOf(
  judged: readonly Judged[],
  levels: readonly number[] = ERROR_LEVELS,
): Figures {
  const values = judged.map(({ score }) => score);
  const errors = judged.map(({ error }) => error);
  const measured = judged.flatMap(({ dice, score }) => (dice === null ? [] : [{ dice, score }]));
  return {
    count: judged.length,
    errors: errors.filter(Boolean).length,
    auroc: auroc(values, errors),
    auprc: averagePrecision(values, errors),
    lift: LIFT_SHARES.map((share) => ({ share, lift: liftAt(share, values, errors) })),
    levels: levelsOf(judged, levels),
    spearman: spearman(
      measured.map(({ score }) => score),
      measured.map(({ dice }) => dice),
    ),
  };
}

interface SummedTruth {
  error: boolean;
  /** The sum of the labels' true dice, or null if the dice of a label is unknown. */
  dice: number | null;
  /** The lowest true dice of the labels, or null if the dice of a label is unknown. */
  lowest: number | null;
  labels: number;
}

/** The truth about each label and each case, by `labelKey`. A case is an error if one of its labels is. */
function truthByKey(scores: readonly LabelScore[], truth: Truth): Map<string, SummedTruth> {
  const known = new Map<string, SummedTruth>();
  for (const score of scores) {
    const said = truth(score.case, score.structure);
    if (said === null) continue;
    known.set(labelKey(score.case, score.structure), { ...said, lowest: said.dice, labels: 1 });
    const key = labelKey(score.case, null);
    const whole = known.get(key) ?? { error: false, dice: 0, lowest: 1, labels: 0 };
    whole.error ||= said.error;
    whole.dice = whole.dice === null || said.dice === null ? null : whole.dice + said.dice;
    whole.lowest =
      whole.lowest === null || said.dice === null ? null : Math.min(whole.lowest, said.dice);
    whole.labels += 1;
    known.set(key, whole);
  }
  return known;
}

/**
 * The figures of every measure that `scores` have, per case and per label. Labels without a known truth
 * are ranked, too, so that the order is the one that people see; the figures leave these labels out.
 * @param options.levels the thresholds of `Figures.levels`
 * @param options.calibration gives the expected dice that the combined order ranks by; null if there is
 *   no calibration
 */
export function evaluateScores(
  scores: readonly LabelScore[],
  truth: Truth,
  options: { levels?: readonly number[] | undefined; calibration: Calibration | null },
): Evaluation[] {
  const known = truthByKey(scores, truth);
  const places = namesOf(scores);
  const columns = columnsOf(scores, places, options.calibration);
  const orders = RankBy.options
    .filter((by) => hasMeasure(columns, by))
    .map((by) => ({ by, ...ordersOf(columns, places, by) }));
  return RankPer.options.flatMap((per) =>
    orders.map(({ by, [per]: order }): Evaluation => {
      const judged = Array.from(order.scores).flatMap((score, row): Judged[] => {
        const structure = per === 'case' ? null : places.structures[order.structures[row]];
        const one = known.get(labelKey(places.cases[order.cases[row]], structure));
        if (!one) return [];
        const { error, dice, lowest, labels } = one;
        return [{ score, error, dice: dice === null ? null : dice / labels, lowest }];
      });
      return { by, per, ...figuresOf(judged, options.levels) };
    }),
  );
}

/**
 * Evaluates a project's ranking against the truth. Labels of structures that were not learned are left out,
 * as in the ranking.
 * @param options.levels the thresholds of `Figures.levels`; default `ERROR_LEVELS`
 * @throws UserError when nothing was scored yet, or no scored label has a known truth.
 */
export function evaluateProject(
  reader: ProjectReader,
  truth: Truth,
  options: { model?: string; levels?: readonly number[] } = {},
): Evaluation[] {
  const model = rankingModel(reader, options.model);
  const { unlearned } = modelJudgement(reader, model);
  const present = presentScores(reader, model);
  const scores = present.filter(({ structure }) => !unlearned.has(structure));
  if (scores.length === 0 && present.length > 0) {
    throw new UserError(
      `${model} has not learned a structure of ${reader.folder}: nothing is ranked. Train for longer.`,
    );
  }
  if (!scores.some((score) => truth(score.case, score.structure) !== null)) {
    throw new UserError(
      `The truth names no scored label of ${reader.folder}: check that its cases have the same names.`,
    );
  }
  const calibration = calibrationOf(reader, model);
  return evaluateScores(scores, truth, { levels: options.levels, calibration });
}
