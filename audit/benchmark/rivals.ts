/** Evaluates how well the rivals of Overread's own measures find the damaged labels. */
import { z } from 'zod';
import { RankBy, RankPer } from '../contract/terms.ts';
import { figuresOf } from '../ranking/evaluate.ts';
import type { Figures, Judged, Truth } from '../ranking/evaluate.ts';
import { mean } from '../../models/statistics.ts';

const lowest = (values: readonly number[]): number => Math.min(...values);

/**
 * For each rival, how the values of a case's labels are joined into the value of the case, as `ordersOf`
 * does for Overread's measures.
 */
const RIVALS = {
  'pixel-issues': mean,
  'training-loss': mean,
  'cross-fitted-disagreement': mean,
  'cross-fitted-softmin': lowest,
  'cross-fitted-pixel-issues': mean,
} as const;
type Rival = keyof typeof RIVALS;
const NAMES = Object.keys(RIVALS) as Rival[];

export const Measure = z.enum([...RankBy.options, ...NAMES]);
export type Measure = z.infer<typeof Measure>;

export interface MeasureFigures extends Figures {
  readonly by: Measure;
  readonly per: RankPer;
}

/** One training label with its value by each rival; a lower value is worse. */
export interface RivalLabel {
  readonly case: string;
  readonly structure: string;
  readonly values: Readonly<Partial<Record<Rival, number>>>;
}

/** The truth about several labels together, or null if the truth is known about none of them. */
function judged(labels: readonly RivalLabel[], truth: Truth): Omit<Judged, 'score'> | null {
  const known = labels.flatMap(({ case: id, structure }) => truth(id, structure) ?? []);
  if (known.length === 0) return null;
  const dice = known.map((one) => one.dice);
  return {
    error: known.some(({ error }) => error),
    dice: dice.includes(null) ? null : mean(dice.map((one) => one ?? 0)),
    lowest: dice.includes(null) ? null : lowest(dice.map((one) => one ?? 0)),
  };
}

/** The figures of each rival. A rival is left out if a label has no value for it. */
export function rivalFigures(labels: readonly RivalLabel[], truth: Truth): MeasureFigures[] {
  const cases = new Map<string, RivalLabel[]>();
  for (const label of labels) {
    const own = cases.get(label.case);
    if (own) own.push(label);
    else cases.set(label.case, [label]);
  }
  const groups = { case: [...cases.values()], label: labels.map((label) => [label]) };
  return NAMES.flatMap((by) => {
    if (labels.some(({ values }) => values[by] === undefined)) return [];
    return RankPer.options.map((per): MeasureFigures => {
      const found = groups[per].flatMap((own): Judged[] => {
        const known = judged(own, truth);
        if (known === null) return [];
        return [{ ...known, score: RIVALS[by](own.map(({ values }) => values[by] ?? 0)) }];
      });
      return { by, per, ...figuresOf(found) };
    });
  });
}
