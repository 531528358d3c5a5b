/** Makes the tables of a report: a heading, a note, and rows of text. */
import type { ReportTable } from '../contract/benchmark.ts';
import type { RankPer } from '../contract/terms.ts';
import { commandRows } from './commands.ts';
import { averageRows, foundRows, gainRows, variantRows } from './compare.ts';
import { ERROR_LEVELS } from '../ranking/error-dice.ts';
import { GROSS_DICE } from './kinds.ts';
import {
  correctionRows,
  diceRows,
  expectedRows,
  kindRows,
  levelRows,
  rankRows,
} from './summary.ts';
import type { Group, SeedSpread } from './summary.ts';
import type { ResultLine } from './results.ts';

/** The mean as text, followed by the lowest and the highest value if there are several seeds. */
function figure(spread: SeedSpread | null, digits = 3): string {
  if (!spread) return '–';
  const mean = spread.mean.toFixed(digits);
  if (spread.seeds === 1) return mean;
  return `${mean} (${spread.lowest.toFixed(digits)}–${spread.highest.toFixed(digits)})`;
}

/** A difference as text, with its sign. */
function change(spread: SeedSpread | null, digits = 3): string {
  const signed = (value: number): string => {
    const text = Math.abs(value).toFixed(digits);
    if (Number(text) === 0) return text;
    return `${value < 0 ? '−' : '+'}${text}`;
  };
  if (!spread) return '–';
  const { mean, lowest, highest, seeds } = spread;
  return seeds === 1 ? signed(mean) : `${signed(mean)} (${signed(lowest)} to ${signed(highest)})`;
}

const share = (value: number): string => `${Math.round(value * 100)} %`;

function foundTable(groups: readonly Group[], per: RankPer): ReportTable {
  return {
    title: `The combined rank and its best rival, per ${per}`,
    note:
      'AUROC of damaged against clean, on the same noise and seeds. The rivals are disagreement, ' +
      'softmin, pixel issues, the loss averaged over the training, and the cross-fitted measures if ' +
      'they were run; the table shows the best one.',
    header: [
      'labels',
      'combined',
      'best rival',
      'rival’s AUROC',
      'ahead by',
      'seeds',
      'learned alone',
    ],
    rows: foundRows(groups, per).map(({ noise, combined, learned, rival }) => [
      ...[noise, figure(combined, 4), rival?.by ?? '–', figure(rival?.second ?? null, 4)],
      ...[change(rival?.difference ?? null, 4), String(rival?.difference.seeds ?? combined.seeds)],
      figure(learned),
    ]),
  };
}

function averageTable(groups: readonly Group[]): ReportTable {
  const rows = averageRows(groups);
  const count = rows.at(0)?.perCase.seeds ?? 0;
  return {
    title: 'Every measure, on average',
    note:
      `AUROC of damaged against clean: the mean over the ${count} rows above, and the lowest of ` +
      'them. Only measures that all rows have.',
    header: ['measure', 'per case: mean', 'lowest', 'per label: mean', 'lowest'],
    rows: rows.map(({ by, perCase, perLabel }) => [
      by,
      ...[perCase.mean, perCase.lowest, perLabel.mean, perLabel.lowest].map((one) =>
        one.toFixed(4),
      ),
    ]),
  };
}

function gainTable(groups: readonly Group[]): ReportTable {
  return {
    title: 'The segmenter with and without the QAM',
    note: 'Mean dice over the structures on the clean test cases, paired by seed.',
    header: ['labels', 'with', 'without', 'gain', 'seeds'],
    rows: gainRows(groups).map(({ noise, first, second, difference }) => [
      ...[noise, figure(first, 4), figure(second, 4), change(difference, 4)],
      String(difference.seeds),
    ]),
  };
}

function variantTable(groups: readonly Group[]): ReportTable {
  return {
    title: 'One change of the default',
    note:
      'Each variant beside the default on the same labels. AUROC per case; the change is the ' +
      'difference from the default with the same seeds.',
    header: ['labels', 'method', 'learned', 'change', 'combined', 'dice', 'change', 'collapsed'],
    rows: variantRows(groups).map((row) => [
      ...[row.noise, row.method, figure(row.learned), change(row.learnedChange)],
      ...[figure(row.combined), figure(row.dice, 4), change(row.diceChange, 4)],
      row.collapsed === 0 ? '' : String(row.collapsed),
    ]),
  };
}

function commandTable(results: readonly ResultLine[]): ReportTable {
  const minutes = (seconds: number): string => `${Math.round(seconds / 60)} min`;
  return {
    title: 'To run it again',
    note: 'Each line runs its cells; a cell with a result does not run again. Time: the duration of all trainings of the line.',
    commands: true,
    header: ['command', 'cells', 'time'],
    rows: commandRows(results).map(({ command, cells, seconds }) => [
      ...[command, String(cells), minutes(seconds)],
    ]),
  };
}

function diceTable(groups: readonly Group[]): ReportTable {
  const rows = diceRows(groups);
  return {
    title: 'Dice on the clean test cases',
    note: 'Dice of the segmenter with averaged weights; the training labels are damaged, the test labels are not.',
    header: ['labels', 'method', ...(rows[0]?.structures ?? []), 'mean', 'seeds', 'collapsed'],
    rows: rows.map((row) => [
      row.noise,
      row.method,
      ...row.perStructure.map((one) => figure(one)),
      figure(row.mean, 4),
      String(row.mean?.seeds ?? 0),
      row.collapsed === 0 ? '' : String(row.collapsed),
    ]),
  };
}

function rankTable(groups: readonly Group[], per: RankPer): ReportTable {
  const rows = rankRows(groups, per);
  const shares = rows[0]?.lift.map((one) => `lift ${share(one.share)}`) ?? [];
  return {
    title: `Damaged labels found, per ${per}`,
    note:
      per === 'case'
        ? 'Damaged against clean training cases, by each measure alone and by the combined score.'
        : 'Damaged labels against all other labels of the training cases.',
    header: ['labels', 'method', 'measure', 'AUROC', 'AUPRC', ...shares, 'Spearman'],
    rows: rows.map((row) => [
      row.noise,
      row.method,
      row.by,
      figure(row.auroc),
      figure(row.auprc),
      ...row.lift.map(({ lift }) => figure(lift, 2)),
      figure(row.spearman),
    ]),
  };
}

function kindTable(groups: readonly Group[]): ReportTable {
  const columns = ['cases', 'AUROC', 'labels', 'AUROC'];
  return {
    title: 'Damaged labels found, kind by kind',
    note:
      'Cases and labels of one kind of damage against clean ones. Gross: only those with a dice ' +
      `below ${GROSS_DICE} with the true mask, of a case by its worst label. Erosion and dilation ` +
      'have chosen the defaults; all other kinds report only.',
    header: [
      ...['labels', 'method', 'kind', 'measure', ...columns],
      ...columns.map((name) => `gross: ${name}`),
    ],
    rows: kindRows(groups).map((row) => [
      ...[row.noise, row.method, row.kind, row.by],
      ...[row.case.all, row.label.all, row.case.gross, row.label.gross].flatMap(
        ({ errors, auroc }) => [figure(errors, 0), figure(auroc)],
      ),
    ]),
  };
}

function levelTable(groups: readonly Group[]): ReportTable {
  const columns = (per: RankPer): string[] =>
    ERROR_LEVELS.flatMap((below) => [`${per}s < ${below}`, 'AUROC']);
  return {
    title: 'Labels below a dice found',
    note:
      'The number of cases and labels whose dice with the true mask is below a threshold, of a case by ' +
      'its worst label, and how well they are found among all others.',
    header: ['labels', 'method', 'measure', ...columns('case'), ...columns('label')],
    rows: levelRows(groups).map((row) => [
      ...[row.noise, row.method, row.by],
      ...[...row.case, ...row.label].flatMap(({ errors, auroc }) => [
        figure(errors, 0),
        figure(auroc),
      ]),
    ]),
  };
}

function expectedTable(groups: readonly Group[]): ReportTable {
  const [highest] = ERROR_LEVELS;
  return {
    title: 'Expected dice',
    note:
      'The expected dice of the damaged training labels, compared with their dice with the true ' +
      'masks. Error: mean of the absolute differences. Covered: share of the labels ' +
      `whose true dice lies in their interval of 90 %. Wrong: a true dice below the reader noise.`,
    header: [
      ...['labels', 'method', 'error', 'covered', 'wrong', 'wrong: error', 'wrong: covered'],
      ...[`< ${highest}`, `< ${highest}: error`, `< ${highest}: covered`],
    ],
    rows: expectedRows(groups).map(({ noise, method, all, wrong, below }) => [
      ...[noise, method, figure(all.error), figure(all.covered)],
      ...[wrong, below].flatMap(({ labels, error, covered }) => [
        ...[figure(labels, 0), figure(error), figure(covered)],
      ]),
    ]),
  };
}

function correctionTable(results: readonly ResultLine[]): ReportTable {
  return {
    title: 'After corrections',
    note:
      'The first cases get their true masks, then the networks train on from their weights. Found: ' +
      'damaged cases among the corrected. AUROC: by the combined score, of the damaged cases left ' +
      'against the clean cases that were not corrected.',
    header: [
      'labels',
      'method',
      'order',
      'corrected',
      'found',
      'left',
      'dice',
      'AUROC of the rest',
    ],
    rows: correctionRows(results).map((row) => [
      ...[row.noise, row.method, row.order, String(row.corrected)],
      ...[figure(row.found, 0), figure(row.left, 0), figure(row.dice, 4), figure(row.auroc)],
    ]),
  };
}

/** All tables of a report, without the tables that have no rows. */
export function tablesOf(groups: readonly Group[], results: readonly ResultLine[]): ReportTable[] {
  return [
    foundTable(groups, 'case'),
    foundTable(groups, 'label'),
    averageTable(groups),
    gainTable(groups),
    variantTable(groups),
    diceTable(groups),
    rankTable(groups, 'case'),
    rankTable(groups, 'label'),
    levelTable(groups),
    kindTable(groups),
    expectedTable(groups),
    correctionTable(results),
    commandTable(results),
  ].filter(({ rows }) => rows.length > 0);
}
