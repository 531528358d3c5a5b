/** The trainer's figures as curves. Pure: the caller gives the colours. */
import type { EpochMetrics, RunSeries } from '../../audit/contract/api.ts';
import type { Structure } from '../../audit/contract/terms.ts';
import type { Band, Curve, Mark } from '../charts/curves.ts';

/** Curves of the plain dice loss and, from the joint phase on, of the loss weighted by the QAM. */
export function lossCurves(
  epochs: readonly EpochMetrics[],
  colours: { plain: string; weighted: string },
): Curve[] {
  return [
    { label: 'plain', colour: colours.plain, values: epochs.map(({ loss }) => loss) },
    {
      label: 'weighted by quality',
      colour: colours.weighted,
      values: epochs.map(({ phase, weightedLoss }) => (phase === 'joint' ? weightedLoss : null)),
    },
  ];
}

/**
 * Curves of each structure's dice: validation cases solid, training cases dashed. Without validation cases
 * those of the training cases are solid.
 */
export function diceCurves(
  epochs: readonly EpochMetrics[],
  structures: readonly Structure[],
): Curve[] {
  const validated = epochs.some(({ validationDice }) => validationDice !== null);
  return structures.flatMap(({ name, colour }, index): Curve[] => {
    const train = epochs.map(({ trainDice }) => trainDice[index] ?? null);
    if (!validated) return [{ label: name, colour, values: train }];
    const held = epochs.map(({ validationDice }) => validationDice?.[index] ?? null);
    return [
      { label: name, colour, values: held },
      { label: `${name}, training`, colour, values: train, width: 1, dashed: true, quiet: true },
    ];
  });
}

/** The spread of the cases' weights: 5 to 95 % and 25 to 75 % as bands around the median. */
export function weightBands(
  epochs: readonly EpochMetrics[],
  colours: { line: string; outer: string; inner: string },
): { curves: Curve[]; bands: Band[] } {
  const quantile = (index: number): (number | null)[] =>
    epochs.map(({ weights }) => weights[index] ?? null);
  const edge = (label: string, index: number): Curve => ({
    label,
    colour: colours.line,
    values: quantile(index),
    width: 0,
    quiet: true,
  });
  return {
    curves: [
      edge('95 %', 4),
      edge('5 %', 0),
      edge('75 %', 3),
      edge('25 %', 1),
      { label: 'median weight', colour: colours.line, values: quantile(2), width: 1.8 },
    ],
    bands: [
      { from: 0, to: 1, colour: colours.outer },
      { from: 2, to: 3, colour: colours.inner },
    ],
  };
}

/** Curves of single cases: the least trusted ones in one colour, the most trusted ones in another. */
export function trustCurves(
  series: RunSeries,
  what: 'weights' | 'scores',
  colours: { lowest: string; highest: string },
): Curve[] {
  const of = (list: RunSeries['lowest'], colour: string): Curve[] =>
    list.map((one) => ({ label: one.case, colour, values: one[what], width: 1.3 }));
  return [...of(series.highest, colours.highest), ...of(series.lowest, colours.lowest)];
}

/** A mark where the QAM joined; empty if it has not joined or was there from the start. */
export function phaseMarks(epochs: readonly EpochMetrics[]): Mark[] {
  const joined = epochs.find(({ phase }) => phase === 'joint');
  if (!joined || epochs[0]?.phase === 'joint') return [];
  return [{ at: joined.epoch, label: `QAM joins` }];
}

/** Adds an epoch to the known epochs. An epoch with a known number replaces that epoch and all later ones. */
export function withEpoch(
  knownEpochs: readonly EpochMetrics[],
  next: EpochMetrics,
): EpochMetrics[] {
  return [...knownEpochs.filter(({ epoch }) => epoch < next.epoch), next];
}
