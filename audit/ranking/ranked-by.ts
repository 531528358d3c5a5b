/** Gathers what the window, the command line and the report say about a ranking as a whole. */
import type { RankedBy } from '../contract/api.ts';
import type { RankBy } from '../contract/terms.ts';
import type { ProjectReader } from '../store/types.ts';
import { isChosen, modelJudgement, passedOver } from './model.ts';
import type { Ranking } from './ranking.ts';

/** @param labels the ranking of the labels by the measure `by` */
export function rankedBy(reader: ProjectReader, by: RankBy, labels: Ranking): RankedBy {
  const { model, number } = labels;
  const { collapse, unlearned } = modelJudgement(reader, model);
  return {
    model,
    by,
    number,
    uncalibrated: labels.uncalibrated(),
    unlearned: [...unlearned].map(([structure, why]) => ({ structure, why })),
    collapse,
    passedOver: passedOver(reader, model),
    chosen: isChosen(reader, model),
  };
}
