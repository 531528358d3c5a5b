/** The report of an experiment, as Markdown, as CSV and as one HTML page. Pure: results in, text out. */
import { csvText, html } from '../report/escape.ts';
import { STYLE } from '../report/style.ts';
import { epochFigures } from './figures.ts';
import { METHODS } from './methods.ts';
import { isDiscs, noiseName } from './noise.ts';
import type { ResultLine } from './results.ts';
import { groupsOf } from './summary.ts';
import type { Group } from './summary.ts';
import { tablesOf } from './tables.ts';
import type { Table } from './tables.ts';

/** Text in a cell of a Markdown table. */
const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function methodsOf(groups: readonly Group[]): string[] {
  const names = [...new Set(groups.map(({ method }) => method))];
  return names.map((name) => `${name}: ${METHODS[name].about}`);
}

export function markdownReport(results: Iterable<ResultLine>): string {
  const all = [...results];
  const groups = groupsOf(all);
  const tables = tablesOf(groups, all).flatMap(({ title, note, header, rows }) => [
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
    'dataset,noise,share,from,to,mode,method,seed,size,epochs,batch,training_cases,corrected,order,dice,collapsed,by,per,auroc,auprc,spearman';
  const number = (value: number | null): string => (value === null ? '' : String(value));
  const lines = [...results].flatMap(({ cell, dataset, result }) => {
    const { noise, method, seed, size, epochs, batch, correct } = cell;
    const discs = isDiscs(noise) ? [noise.from, noise.to, noise.mode] : ['', '', ''];
    const first = [csvText(dataset), noiseName(noise), noise.share, ...discs, method];
    const after = [correct?.cases ?? '', correct?.order ?? ''];
    const start = [...first, seed, size, epochs, batch, result.cases, ...after];
    start.push(number(result.meanTestDice));
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

export function htmlReport(results: Iterable<ResultLine>): string {
  const all = [...results];
  const groups = groupsOf(all);
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
    `${tablesOf(groups, all).map(htmlTable).join('')}${epochFigures(groups)}</main></body></html>\n`
  );
}
