/** The figures of a report's page as inline SVG. Pure. */
import type { ReportChart, ReportCurves, ReportOutlines } from '../contract/benchmark.ts';
import { STRUCTURE_COLOURS } from '../contract/terms.ts';
import { curves } from '../report/charts.ts';
import { html } from '../report/escape.ts';

const COLOURS: Readonly<Record<ReportChart['series'][number]['tone'], string>> = {
  clean: 'var(--ok)',
  damaged: 'var(--bad)',
  all: 'var(--mute)',
};

/** What the weights do to the loss, epoch by epoch. */
export function curveFigures(all: readonly ReportCurves[], seed: number | null): string {
  if (all.length === 0) return '';
  const panels = all.map(({ title, warmUp, charts }) => {
    const drawn = charts.map((chart) => {
      const series = chart.series.map(({ name, tone, dashed, values }) => ({
        ...{ name, dashed, values, colour: COLOURS[tone] },
      }));
      const svg = curves({ title: chart.title, warmUp, series });
      return `<div><p class="note">${html(chart.note)}</p>${svg}</div>`;
    });
    return `<div class="panel"><h3>${html(title)}</h3><div class="grid two">${drawn.join('')}</div></div>`;
  });
  return (
    '<section><h2>How the QAM changes the loss</h2><p class="note">Training cases, seed ' +
    `${seed ?? '–'}: <span class="okText">clean</span> and ` +
    `<span class="badText">damaged</span>.</p><div class="grid">${panels.join('')}</div></section>`
  );
}

const colourOf = (index: number): string => STRUCTURE_COLOURS[index % STRUCTURE_COLOURS.length];

/** Room between two pictures, in pixels of the pictures. */
const GAP = 4;

/** One test case: the truth, then each method's outlines, the truth dashed. The picture is kept once. */
function caseRow({ size, methods }: ReportOutlines, row: number, name: string): string {
  const [{ cases }] = methods;
  const { id, image, structures } = cases[row];
  const width = (methods.length + 1) * (size + GAP) - GAP;
  const truth = structures.map(
    (one, s) => `<path d="${html(one.truth)}" stroke="${colourOf(s)}"/>`,
  );
  const panels = methods.map(({ cases: own }, index) => {
    const paths = own[row].structures.map(
      (one, s) =>
        `<path d="${html(one.truth)}" class="truth"/>` +
        `<path d="${html(one.predicted)}" stroke="${colourOf(s)}"/>`,
    );
    const at = (index + 1) * (size + GAP);
    return `<g transform="translate(${at} 0)"><use href="#${name}"/>${paths.join('')}</g>`;
  });
  const said = methods.map(({ name: method, cases: own }) => {
    const dice = own[row].structures.map((one) => `${one.name} ${one.dice.toFixed(3)}`);
    return `${method}: ${dice.join(', ')}`;
  });
  return (
    `<figure><svg class="outlines" viewBox="0 0 ${width} ${size}" role="img">` +
    `<title>${html(`${id}: ${said.join('; ')}`)}</title>` +
    `<defs><image id="${name}" href="${html(image)}" width="${size}" height="${size}"/></defs>` +
    `<g><use href="#${name}"/>${truth.join('')}</g>${panels.join('')}</svg>` +
    `<figcaption class="note">${html(id)}. Dice ${html(said.join('; '))}</figcaption></figure>`
  );
}

/** What segmenters draw on the same test cases, beside the truth. */
export function outlineFigures(all: readonly ReportOutlines[]): string {
  if (all.length === 0) return '';
  const panels = all.map((figure, index) => {
    const rows = figure.methods[0].cases.map((_, row) => caseRow(figure, row, `o${index}-${row}`));
    const columns = ['truth', ...figure.methods.map(({ name }) => name)].join(' | ');
    return (
      `<div class="panel"><h3>${html(figure.title)}</h3><p class="note">${html(columns)}</p>` +
      `${rows.join('')}</div>`
    );
  });
  return (
    '<section><h2>What the segmenters draw</h2><p class="note">Clean test cases, evenly spread ' +
    'over their list; dashed: the truth.</p>' +
    `<div class="grid">${panels.join('')}</div></section>`
  );
}

/** Style of the outlines, beside the page's own. */
export const OUTLINE_STYLE =
  '.outlines{display:block;width:100%;height:auto}.outlines path{fill:none;stroke-width:1.4;vector-effect:non-scaling-stroke}' +
  '.outlines .truth{stroke:#fff;stroke-width:1;stroke-dasharray:4 3}figure{margin:0}';
