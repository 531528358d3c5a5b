/** How well each measure found errors that are known: the figures of `overread evaluate`. */
import { RankBy, RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { LabelScore, ProjectReader } from '../store/types.ts';
import { spearman } from '../../models/statistics.ts';
import { auroc, averagePrecision, liftAt } from './metrics.ts';
import { rankingModel } from './model.ts';
import { hasMeasure, ordersOf } from './order.ts';
import { presentScores } from './present.ts';
import { columnsOf, placesOf } from './score-columns.ts';

/** What is known of one label: whether it is an error, and its dice with the true mask. */
export interface LabelTruth {
  readonly error: boolean;
  /** 0 … 1; null where it is not known: then it counts in no correlation. */
  readonly dice: number | null;
}

/** The truth by case and structure; null where it says nothing (the label is then left out). */
export type Truth = (id: string, structure: string) => LabelTruth | null;

/** The worst shares of the list at which the lift is told. */
export const LIFT_SHARES = [0.05, 0.1, 0.2] as const;

/** How good an order is. Null figures: there was no error, or nothing but errors. */
export interface Figures {
  readonly count: number;
  readonly errors: number;
  readonly auroc: number | null;
  readonly auprc: number | null;
  /** Share of errors among the worst 5, 10 and 20 %, over their share in all. */
  readonly lift: { share: number; lift: number | null }[];
  /** Spearman's ρ of the score with the true dice (of a case: the mean of its labels'). */
  readonly spearman: number | null;
}

/** One measure, per case or per label. */
export interface Evaluation extends Figures {
  readonly by: RankBy;
  readonly per: RankPer;
}

/** One case or label: its score (lower is worse), and what is true. */
export interface Judged {
  readonly score: number;
  readonly error: boolean;
  /** Of a case the mean of its labels'; null where it is not known. */
  readonly dice: number | null;
}

export function figuresOf(judged: readonly Judged[]): Figures {
  const values = judged.map(({ score }) => score);
  const errors = judged.map(({ error }) => error);
  const known = judged.flatMap(({ dice, score }) => (dice === null ? [] : [{ dice, score }]));
  return {
    count: judged.length,
    errors: errors.filter(Boolean).length,
    auroc: auroc(values, errors),
    auprc: averagePrecision(values, errors),
    lift: LIFT_SHARES.map((share) => ({ share, lift: liftAt(share, values, errors) })),
    spearman: spearman(
      known.map(({ score }) => score),
      known.map(({ dice }) => dice),
    ),
  };
}

interface Known {
  error: boolean;
  /** Sum over its labels; null when one is not known. */
  dice: number | null;
  labels: number;
}

/**
 * What is known of labels (`case\0structure`) and of cases (`case\0`). A case is an error if any of its
 * labels is; its dice is the mean of theirs.
 */
function knownOf(scores: readonly LabelScore[], truth: Truth): Map<string, Known> {
  const known = new Map<string, Known>();
  for (const score of scores) {
    const said = truth(score.case, score.structure);
    if (said === null) continue;
    known.set(`${score.case}\0${score.structure}`, { ...said, labels: 1 });
    const whole = known.get(`${score.case}\0`) ?? { error: false, dice: 0, labels: 0 };
    whole.error ||= said.error;
    whole.dice = whole.dice === null || said.dice === null ? null : whole.dice + said.dice;
    whole.labels += 1;
    known.set(`${score.case}\0`, whole);
  }
  return known;
}

/**
 * The figures of every measure that `scores` have, per case and per label. Everything is ranked, and
 * what is known is then looked for in that order: it is the order that people see.
 */
export function evaluateScores(scores: readonly LabelScore[], truth: Truth): Evaluation[] {
  const known = knownOf(scores, truth);
  const places = placesOf(scores);
  const columns = columnsOf(scores, places);
  const orders = RankBy.options
    .filter((by) => hasMeasure(columns, by))
    .map((by) => ({ by, ...ordersOf(columns, places, by) }));
  return RankPer.options.flatMap((per) =>
    orders.map(({ by, [per]: order }): Evaluation => {
      const judged = Array.from(order.scores).flatMap((score, row): Judged[] => {
        const structure = per === 'case' ? '' : places.structures[order.structures[row]];
        const one = known.get(`${places.cases[order.cases[row]]}\0${structure}`);
        if (!one) return [];
        const { error, dice, labels } = one;
        return [{ score, error, dice: dice === null ? null : dice / labels }];
      });
      return { by, per, ...figuresOf(judged) };
    }),
  );
}

/**
 * Evaluates a project's ranking against the truth.
 * @throws UserError when nothing was scored yet, or the truth speaks of other cases.
 */
export function evaluateProject(
  reader: ProjectReader,
  truth: Truth,
  options: { model?: string } = {},
): Evaluation[] {
  const model = rankingModel(reader, options.model);
  const scores = presentScores(reader, model);
  if (!scores.some((score) => truth(score.case, score.structure) !== null)) {
    throw new UserError(
      `The truth speaks of no label of ${reader.folder} that was scored: are its cases named alike?`,
    );
  }
  return evaluateScores(scores, truth);
}
