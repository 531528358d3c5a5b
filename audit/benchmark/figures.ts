/** The figures of a report's page as inline SVG. Pure. */
import type {
  ReportChart,
  ReportCurves,
  ReportDots,
  ReportOutlines,
} from '../contract/benchmark.ts';
import { STRUCTURE_COLOURS } from '../contract/terms.ts';
import { curves } from '../report/charts.ts';
import { dots } from '../report/dots.ts';
import { html } from '../report/escape.ts';

const COLOURS: Readonly<Record<ReportChart['series'][number]['tone'], string>> = {
  clean: 'var(--ok)',
  damaged: 'var(--bad)',
  all: 'var(--mute)',
};

type DotTone = ReportDots['rows'][number]['dots'][number]['tone'];

/** The colour of each kind of dot, and the colour's name. */
const DOT_TONES: Readonly<Record<DotTone, { colour: string; word: string }>> = {
  ours: { colour: 'var(--accent)', word: 'green' },
  part: { colour: 'var(--warn)', word: 'yellow' },
  rival: { colour: 'var(--mute)', word: 'grey' },
};

/** A chart of dots, as SVG. */
export function dotChart({ title, axis, rows }: ReportDots): string {
  const drawn = rows.map(({ label, dots: own }) => ({
    label,
    dots: own.map(({ tone, ...one }) => ({ ...one, colour: DOT_TONES[tone].colour })),
  }));
  return dots(title, axis, drawn);
}

/** The entries of the dots' legend; each name occurs once. */
export function dotNames({ rows }: ReportDots): { name: string; colour: string; word: string }[] {
  const names = new Map(
    rows.flatMap(({ dots: own }) => own.map(({ name, tone }) => [name, DOT_TONES[tone]] as const)),
  );
  return [...names].map(([name, tone]) => ({ name, ...tone }));
}

export function dotFigures(all: readonly ReportDots[]): string {
  return all
    .map((figure) => {
      const names = dotNames(figure).map(
        ({ name, colour }) =>
          `<span><i class="dot" style="background:${colour};border:0"></i>${html(name)}</span>`,
      );
      return (
        `<section><h2>${html(figure.title)}</h2><p class="note">${html(figure.note)}</p>` +
        `<div class="panel">${dotChart(figure)}<div class="legend">${names.join('')}</div></div>` +
        '</section>'
      );
    })
    .join('');
}

/** A chart over the epochs, as SVG. */
export function curveChart(chart: ReportChart, warmUp: number): string {
  const series = chart.series.map(({ name, tone, dashed, values }) => ({
    ...{ name, dashed, values, colour: COLOURS[tone] },
  }));
  return curves({ title: chart.title, warmUp, series });
}

/** The charts of how the weights change the loss, epoch by epoch, as a section of HTML. */
export function curveFigures(all: readonly ReportCurves[], seed: number | null): string {
  if (all.length === 0) return '';
  const panels = all.map(({ title, warmUp, charts }) => {
    const drawn = charts.map(
      (chart) => `<div><p class="note">${html(chart.note)}</p>${curveChart(chart, warmUp)}</div>`,
    );
    return `<div class="panel"><h3>${html(title)}</h3><div class="grid two">${drawn.join('')}</div></div>`;
  });
  return (
    '<section><h2>How the QAM changes the loss</h2><p class="note">Training cases, seed ' +
    `${seed ?? '–'}: <span class="okText">clean</span> and ` +
    `<span class="badText">damaged</span>.</p><div class="grid">${panels.join('')}</div></section>`
  );
}

const colourOf = (index: number): string => STRUCTURE_COLOURS[index % STRUCTURE_COLOURS.length];

/** The gap between two pictures, in pixels of the pictures. */
const GAP = 4;

interface OutlineRow {
  readonly svg: string;
  /** The name of the case, and the dice of each method on it. */
  readonly caption: string;
}

/**
 * Draws one test case: the image with the true outlines, then for each method its outlines over the
 * dashed true ones.
 */
function caseRow({ size, methods }: ReportOutlines, row: number, name: string): OutlineRow {
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
  const svg =
    `<svg class="outlines" viewBox="0 0 ${width} ${size}" role="img">` +
    `<title>${html(`${id}: ${said.join('; ')}`)}</title>` +
    `<defs><image id="${name}" href="${html(image)}" width="${size}" height="${size}"/></defs>` +
    `<g><use href="#${name}"/>${truth.join('')}</g>${panels.join('')}</svg>`;
  return { svg, caption: `${id}. Dice ${said.join('; ')}` };
}

/** The test cases of one figure, one in each row. */
export function outlineRows(figure: ReportOutlines, name: string): OutlineRow[] {
  return figure.methods[0].cases.map((_, row) => caseRow(figure, row, `o${name}-${row}`));
}

/** The outlines of several segmenters on the same test cases, beside the truth, as a section of HTML. */
export function outlineFigures(all: readonly ReportOutlines[]): string {
  if (all.length === 0) return '';
  const panels = all.map((figure, index) => {
    const rows = outlineRows(figure, String(index)).map(
      ({ svg, caption }) =>
        `<figure>${svg}<figcaption class="note">${html(caption)}</figcaption></figure>`,
    );
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

/** The styles that the outlines need in addition to the page's styles. */
export const OUTLINE_STYLE =
  '.outlines{display:block;width:100%;height:auto}.outlines path{fill:none;stroke-width:1.4;vector-effect:non-scaling-stroke}' +
  '.outlines .truth{stroke:#fff;stroke-width:1;stroke-dasharray:4 3}figure{margin:0}';
