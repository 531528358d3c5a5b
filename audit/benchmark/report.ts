/** The report of an experiment, as Markdown, as CSV and as one HTML page. Pure: results in, text out. */
import { curves } from '../report/charts.ts';
import { csvText, html } from '../report/escape.ts';
import { STYLE } from '../report/style.ts';
import { METHODS } from './methods.ts';
import { isDiscs, noiseName } from './noise.ts';
import type { ResultLine } from './results.ts';
import { diceRows, groupsOf, rankRows } from './summary.ts';
import type { Group, Spread } from './summary.ts';

interface Table {
  readonly title: string;
  readonly note: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The mean, and where there are several seeds, from the lowest to the highest. */
function figure(spread: Spread | null, digits = 3): string {
  if (!spread) return '–';
  const mean = spread.mean.toFixed(digits);
  if (spread.seeds === 1) return mean;
  return `${mean} (${spread.lowest.toFixed(digits)}–${spread.highest.toFixed(digits)})`;
}

const share = (value: number): string => `${Math.round(value * 100)} %`;

function diceTable(groups: readonly Group[]): Table {
  const rows = diceRows(groups);
  return {
    title: 'Dice on the clean test cases',
    note: 'Of the segmenter, with its weights averaged; the training labels are damaged, the test labels are not.',
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

function rankTable(groups: readonly Group[], per: 'case' | 'label'): Table {
  const rows = rankRows(groups, per);
  const shares = rows[0]?.lift.map((one) => `lift ${share(one.share)}`) ?? [];
  return {
    title: `Damaged labels found, per ${per}`,
    note:
      per === 'case'
        ? 'Damaged against clean training cases, by each measure alone and by the combined rank.'
        : 'Labels of damaged against labels of clean training cases.',
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

function tablesOf(groups: readonly Group[]): Table[] {
  return [diceTable(groups), rankTable(groups, 'case'), rankTable(groups, 'label')].filter(
    ({ rows }) => rows.length > 0,
  );
}

/** Text in a cell of a Markdown table. */
const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function methodsOf(groups: readonly Group[]): string[] {
  const names = [...new Set(groups.map(({ method }) => method))];
  return names.map((name) => `${name}: ${METHODS[name].about}`);
}

export function markdownReport(results: Iterable<ResultLine>): string {
  const groups = groupsOf(results);
  const tables = tablesOf(groups).flatMap(({ title, note, header, rows }) => [
    `## ${title}`,
    '',
    note,
    '',
    `| ${header.map(cellText).join(' | ')} |`,
    `| ${header.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.map(cellText).join(' | ')} |`),
    '',
  ]);
  const methods = methodsOf(groups).map((line) => `- ${line}`);
  return ['# Benchmark', '', ...methods, '', ...tables].join('\n');
}

/** One line a cell, measure and unit (case or label); a segmenter alone has no measure. */
export function csvReport(results: Iterable<ResultLine>): string {
  const header =
    'dataset,noise,share,from,to,mode,method,seed,size,epochs,batch,dice,collapsed,by,per,auroc,auprc,spearman';
  const number = (value: number | null): string => (value === null ? '' : String(value));
  const lines = [...results].flatMap(({ cell, dataset, result }) => {
    const { noise, method, seed, size, epochs, batch } = cell;
    const discs = isDiscs(noise) ? [noise.from, noise.to, noise.mode] : ['', '', ''];
    const first = [csvText(dataset), noiseName(noise), noise.share, ...discs, method];
    const start = [...first, seed, size, epochs, batch, number(result.meanTestDice)];
    start.push(result.collapse === null ? '' : String(result.collapse.collapsed));
    const rows = result.evaluations.map((one) => [
      ...[one.by, one.per, number(one.auroc), number(one.auprc), number(one.spearman)],
    ]);
    return (rows.length > 0 ? rows : [['', '', '', '', '']]).map((row) =>
      [...start, ...row].join(','),
    );
  });
  return [header, ...lines, ''].join('\r\n');
}

function htmlTable({ title, note, header, rows }: Table): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((text) => `<${tag}>${html(text)}</${tag}>`).join('')}</tr>`;
  return (
    `<section><h2>${html(title)}</h2><p class="note">${html(note)}</p><div class="panel scroll">` +
    `<table><thead>${row('th', header)}</thead><tbody>` +
    `${rows.map((cells) => row('td', cells)).join('')}</tbody></table></div></section>`
  );
}

const CLEAN = 'var(--ok)';
const DAMAGED = 'var(--bad)';

/** The paper's figure 4: what the weights do to the loss, epoch by epoch. */
function figures(groups: readonly Group[]): string {
  const shown = groups.filter(
    ({ spec, lines }) => spec.method !== 'no-qam' && lines[0].result.damaged > 0,
  );
  if (shown.length === 0) return '';
  const charts = shown.map(({ noise, method, lines }) => {
    const { curves: epochs, warmUp } = lines[0].result;
    const name = `${noise}, ${method}`;
    const loss = curves({
      title: `${name}: dice loss by epoch`,
      warmUp,
      series: [
        { name: 'clean', colour: CLEAN, values: epochs.map((one) => one.loss.clean) },
        { name: 'damaged', colour: DAMAGED, values: epochs.map((one) => one.loss.damaged) },
        {
          name: 'clean, weighted',
          colour: CLEAN,
          dashed: true,
          values: epochs.map((one) => one.weighted.clean),
        },
        {
          name: 'damaged, weighted',
          colour: DAMAGED,
          dashed: true,
          values: epochs.map((one) => one.weighted.damaged),
        },
      ],
    });
    const weights = curves({
      title: `${name}: weights by epoch`,
      warmUp,
      series: [
        { name: 'clean', colour: CLEAN, values: epochs.map((one) => one.weight.clean) },
        { name: 'damaged', colour: DAMAGED, values: epochs.map((one) => one.weight.damaged) },
        {
          name: '5 % of all',
          colour: 'var(--mute)',
          dashed: true,
          values: epochs.map((one) => one.spread[0]),
        },
        {
          name: '95 % of all',
          colour: 'var(--mute)',
          dashed: true,
          values: epochs.map((one) => one.spread[1]),
        },
      ],
    });
    return (
      `<div class="panel"><h3>${html(name)}</h3><div class="grid two"><div>` +
      `<p class="note">Dice loss; dashed: times the weight</p>${loss}</div><div>` +
      `<p class="note">Weights (1: as much say as everybody); dashed: 5 and 95 % of all cases</p>` +
      `${weights}</div></div></div>`
    );
  });
  return (
    '<section><h2>How the QAM changes the loss</h2><p class="note">Training cases, seed ' +
    `${shown[0].lines[0].cell.seed}: <span class="okText">clean</span> and ` +
    `<span class="badText">damaged</span>.</p><div class="grid">${charts.join('')}</div></section>`
  );
}

export function htmlReport(results: Iterable<ResultLine>): string {
  const groups = groupsOf(results);
  const methods = methodsOf(groups).map((line) => `<li>${html(line)}</li>`);
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    '<meta name="color-scheme" content="dark light">' +
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ' +
    "style-src 'unsafe-inline'\">" +
    `<title>Benchmark</title><style>${STYLE}.scroll{overflow-x:auto}.okText{color:var(--ok)}` +
    '.badText{color:var(--bad)}</style></head><body>' +
    '<header><div class="brand"><i></i>Overread</div><h1>Benchmark</h1>' +
    `<ul class="sub">${methods.join('')}</ul></header><main>` +
    `${tablesOf(groups).map(htmlTable).join('')}${figures(groups)}</main></body></html>\n`
  );
}
