/** Chooses the content of a report: makes charts and tables from the results of an experiment. Pure. */
import type { BenchmarkReport, ReportChart, ReportCurves } from '../contract/benchmark.ts';
import type { ReportDots, ReportOutlines } from '../contract/benchmark.ts';
import type { RankPer } from '../contract/terms.ts';
import { niceStep, tick } from '../report/charts.ts';
import { foundRows, gainRows } from './compare.ts';
import { cellName } from './grid.ts';
import { METHODS, hasQam } from './methods.ts';
import type { MethodName } from './methods.ts';
import type { Outlines } from './outlines.ts';
import type { ResultLine } from './results.ts';
import { groupsOf } from './summary.ts';
import type { Group, SeedSpread } from './summary.ts';
import { tablesOf } from './tables.ts';

/** The methods whose outlines are drawn side by side. */
export const DRAWN_METHODS: readonly MethodName[] = ['overread', 'no-qam'];

function methodsOf(groups: readonly Group[]): string[] {
  const names = [...new Set(groups.map(({ method }) => method))];
  return names.map((name) => `${name}: ${METHODS[name].about}`);
}

type Epochs = Group['lines'][number]['result']['curves'];
type Tone = ReportChart['series'][number]['tone'];

const line = (
  epochs: Epochs,
  name: string,
  tone: Tone,
  valueOf: (epoch: Epochs[number]) => number | null,
): ReportChart['series'][number] => ({
  ...{ name, tone, values: epochs.map(valueOf) },
  dashed: name.includes(',') || tone === 'all',
});

/** Makes figure 4 of the Pick-and-Learn paper for the group's first seed: loss and weights by epoch. */
function curvesOf({ noise, method, lines }: Group): ReportCurves {
  const { curves: epochs, warmUp } = lines[0].result;
  const title = `${noise}, ${method}`;
  return {
    ...{ title, method, warmUp },
    charts: [
      {
        title: `${title}: dice loss by epoch`,
        note: 'Dice loss; dashed: times the weight',
        series: [
          line(epochs, 'clean', 'clean', (one) => one.loss.clean),
          line(epochs, 'damaged', 'damaged', (one) => one.loss.damaged),
          line(epochs, 'clean, weighted', 'clean', (one) => one.weighted.clean),
          line(epochs, 'damaged, weighted', 'damaged', (one) => one.weighted.damaged),
        ],
      },
      {
        title: `${title}: weights by epoch`,
        note: 'Weights (1: all cases weigh the same); dashed: 5 and 95 % of all cases',
        series: [
          line(epochs, 'clean', 'clean', (one) => one.weight.clean),
          line(epochs, 'damaged', 'damaged', (one) => one.weight.damaged),
          line(epochs, '5 % of all', 'all', (one) => one.spread[0]),
          line(epochs, '95 % of all', 'all', (one) => one.spread[1]),
        ],
      },
    ],
  };
}

type Dot = ReportDots['rows'][number]['dots'][number];

function dot(name: string, tone: Dot['tone'], spread: SeedSpread | null | undefined): Dot[] {
  if (!spread) return [];
  const { mean, lowest, highest } = spread;
  return [{ name, tone, value: mean, lowest, highest }];
}

/** The marks of the axis: round values from below the lowest drawn value to above the highest. */
function axisOf(rows: ReportDots['rows']): ReportDots['axis'] {
  const seen = rows.flatMap(({ dots }) => dots.flatMap(({ lowest, highest }) => [lowest, highest]));
  const [low, high] = [Math.min(...seen), Math.max(...seen)];
  const step = niceStep(Math.max(high - low, 0.01), 6);
  const last = Math.ceil(high / step - 1e-9);
  // The axis needs two marks. A single mark gets a second one below, not above: no value can be above 1.
  const first = Math.min(Math.floor(low / step + 1e-9), last - 1);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: tick(value, step) };
  });
}

/** Draws the tables of AUROC per case, of AUROC per label and of dice as charts of dots. */
function dotsOf(groups: readonly Group[]): ReportDots[] {
  const found = (per: RankPer) => ({
    title: `Damaged ${per}s found: AUROC`,
    note: 'The combined rank, the learned score alone, and the best rival on the same labels.',
    rows: foundRows(groups, per).map(({ noise, combined, learned, rival }) => ({
      label: noise,
      dots: [
        ...dot('best rival', 'rival', rival?.second),
        ...dot('learned', 'part', learned),
        ...dot('combined', 'ours', combined),
      ],
    })),
  });
  const gain = {
    title: 'Dice with and without the QAM',
    note: 'Mean dice of the segmenter over the structures, on the clean test cases.',
    rows: gainRows(groups).map(({ noise, first, second }) => ({
      label: noise,
      dots: [...dot('without', 'rival', second), ...dot('with', 'ours', first)],
    })),
  };
  return [found('case'), found('label'), gain]
    .filter(({ rows }) => rows.length > 0)
    .map((figure) => ({ ...figure, axis: axisOf(figure.rows) }));
}

/**
 * Makes figures like figure 3 of the Pick-and-Learn paper, one for each noise: the outlines of several
 * methods on the same test cases. Each figure shows the first seed of its noise.
 */
function outlinesOf(
  groups: readonly Group[],
  drawn: ReadonlyMap<string, Outlines>,
): ReportOutlines[] {
  const titles = [...new Set(groups.map(({ noise }) => noise))];
  return titles.flatMap((title): ReportOutlines[] => {
    const found = DRAWN_METHODS.flatMap((name) => {
      const group = groups.find(({ noise, method }) => noise === title && method === name);
      const outlines = group && drawn.get(cellName(group.lines[0].cell));
      return outlines ? [{ name, outlines, seed: group.lines[0].cell.seed }] : [];
    });
    if (found.length < DRAWN_METHODS.length || found[0].outlines.cases.length === 0) return [];
    const [{ outlines, seed }] = found;
    const kept = ({ size, cases }: Outlines): string =>
      [size, ...cases.map(({ id }) => id)].join('\n');
    if (found.some((one) => one.seed !== seed || kept(one.outlines) !== kept(outlines))) return [];
    const methods = found.map(({ name, outlines: { cases } }) => ({ name, cases }));
    return [{ title: `${title}, seed ${seed}`, size: outlines.size, methods }];
  });
}

/** @param drawn the outlines that were kept in the folders of cells, by the name of the cell */
export function reportOf(
  results: Iterable<ResultLine>,
  drawn: ReadonlyMap<string, Outlines> = new Map(),
): BenchmarkReport {
  const all = [...results];
  const groups = groupsOf(all);
  const withQam = groups.filter(
    ({ lines: [{ cell, result }] }) =>
      result.damaged > 0 && result.curves.length > 0 && hasQam(cell.method),
  );
  return {
    methods: methodsOf(groups),
    dots: dotsOf(groups),
    tables: tablesOf(groups, all),
    seed: withQam[0]?.lines[0].cell.seed ?? null,
    curves: withQam.map(curvesOf),
    outlines: outlinesOf(groups, drawn),
  };
}
