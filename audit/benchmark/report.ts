/** Writes the report of an experiment as Markdown, as CSV and as an HTML page. Pure: it returns text. */
import type { BenchmarkReport, ReportTable } from '../contract/benchmark.ts';
import { csvField, html } from '../report/escape.ts';
import { STYLE } from '../report/style.ts';
import { OUTLINE_STYLE, curveFigures, dotFigures, outlineFigures } from './figures.ts';
import { ERROR_LEVELS } from '../ranking/error-dice.ts';
import { isDiscs, noiseName } from './noise.ts';
import type { ResultLine } from './results.ts';

/** Escapes text for a cell of a Markdown table. */
const cellText = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param heading the marks before the title, such as `##` */
export function markdownTable(table: ReportTable, heading: string): string[] {
  const { title, note, header, rows, commands } = table;
  const line = (cells: readonly string[]): string => `| ${cells.map(cellText).join(' | ')} |`;
  return [
    ...[`${heading} ${title}`, '', note, ''],
    line(header),
    `| ${header.map(() => '---').join(' | ')} |`,
    ...rows.map(([first, ...rest]) => line([commands ? `\`${first}\`` : first, ...rest])),
    '',
  ];
}

export function markdownReport(report: BenchmarkReport): string {
  const tables = report.tables.flatMap((table) => markdownTable(table, '##'));
  const methods = report.methods.map((line) => `- ${line}`);
  return ['# Benchmark', '', ...methods, '', ...tables].join('\n');
}

/** One line for each cell, measure, and unit (case or label); one line for a cell without evaluations. */
export function csvReport(results: Iterable<ResultLine>): string {
  const header =
    'dataset,noise,share,from,to,mode,method,seed,size,epochs,batch,training_cases,corrected,order,dice,collapsed,by,per,auroc,auprc,spearman' +
    ERROR_LEVELS.map((below) => `,auroc_below_${below}`).join('');
  const number = (value: number | null): string => (value === null ? '' : String(value));
  const lines = [...results].flatMap(({ cell, dataset, result }) => {
    const { noise, method, seed, size, epochs, batch, correct } = cell;
    const discs = isDiscs(noise) ? [noise.from, noise.to, noise.mode] : ['', '', ''];
    const first = [csvField(dataset), noiseName(noise), noise.share, ...discs, method];
    const after = [correct?.cases ?? '', correct?.order ?? ''];
    const start = [...first, seed, size, epochs, batch, result.cases, ...after];
    start.push(number(result.meanTestDice));
    start.push(result.collapse === null ? '' : String(result.collapse.collapsed));
    const rows = result.evaluations.map((one) => [
      ...[one.by, one.per, number(one.auroc), number(one.auprc), number(one.spearman)],
      ...ERROR_LEVELS.map((level) =>
        number(one.levels?.find(({ below }) => below === level)?.auroc ?? null),
      ),
    ]);
    const none = ['', '', '', '', '', ...ERROR_LEVELS.map(() => '')];
    return (rows.length > 0 ? rows : [none]).map((row) => [...start, ...row].join(','));
  });
  return [header, ...lines, ''].join('\r\n');
}

function htmlTable({ title, note, header, rows, commands }: ReportTable): string {
  const row = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  const cellsOf = (texts: readonly string[]): string[] =>
    texts.map((text, column) =>
      commands && column === 0 ? `<code>${html(text)}</code>` : html(text),
    );
  return (
    `<section><h2>${html(title)}</h2><p class="note">${html(note)}</p><div class="panel scroll">` +
    `<table><thead>${row('th', header.map(html))}</thead><tbody>` +
    `${rows.map((cells) => row('td', cellsOf(cells))).join('')}</tbody></table></div></section>`
  );
}

export function htmlReport(report: BenchmarkReport): string {
  const methods = report.methods.map((line) => `<li>${html(line)}</li>`);
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    '<meta name="color-scheme" content="dark light">' +
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ' +
    "style-src 'unsafe-inline'; img-src data:\">" +
    `<title>Benchmark</title><style>${STYLE}.scroll{overflow-x:auto}.okText{color:var(--ok)}` +
    `.badText{color:var(--bad)}${OUTLINE_STYLE}</style></head><body>` +
    '<header><div class="brand"><i></i>Overread</div><h1>Benchmark</h1>' +
    `<ul class="sub">${methods.join('')}</ul></header><main>` +
    dotFigures(report.dots) +
    report.tables.map(htmlTable).join('') +
    outlineFigures(report.outlines) +
    `${curveFigures(report.curves, report.seed)}</main></body></html>\n`
  );
}
