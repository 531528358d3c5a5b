/**
 * Turns the reports of one or several benchmarks into a page of Markdown and its figures (SVG). Pure: it
 * returns the texts and writes no file.
 */
import type { BenchmarkReport } from '../contract/benchmark.ts';
import { CHART_FILE_STYLE } from '../report/style.ts';
import { OUTLINE_STYLE, curveChart, dotChart, dotNames, outlineRows } from './figures.ts';
import { markdownTable } from './report.ts';

export interface PagePart {
  /** The name of the dataset. */
  readonly name: string;
  readonly report: BenchmarkReport;
}

export interface Page {
  readonly markdown: string;
  /** SVG text by the name of the file. */
  readonly figures: ReadonlyMap<string, string>;
}

/** The margin around a figure, in the units of its view box. */
const PAD = 16;

/** Adds background, size and colours to a chart of the report, so that it can be a file of its own. */
function svgFile(svg: string): string {
  const box = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  if (!box) throw new Error('the figure has no view box');
  const [width, height] = [Number(box[1]) + 2 * PAD, Number(box[2]) + 2 * PAD];
  const inside = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
  const place = `${-PAD} ${-PAD} ${width} ${height}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="${place}" class="outlines"><style>${CHART_FILE_STYLE}${OUTLINE_STYLE}</style>` +
    `<rect x="${-PAD}" y="${-PAD}" width="${width}" height="${height}" rx="8" ` +
    `style="fill:var(--panel)"/>${inside}</svg>\n`
  );
}

/** Turns a name into a part of a file name. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/**
 * @param folder the name of the folder of figures
 * @param methods the methods whose curves over the epochs are drawn; the tables show all methods
 */
export function pageOf(
  parts: readonly PagePart[],
  folder: string,
  methods: readonly string[] = ['overread', 'published'],
): Page {
  const figures = new Map<string, string>();
  const image = (name: string, alt: string, svg: string, width?: string): string => {
    figures.set(`${name}.svg`, svgFile(svg));
    const source = `${folder}/${name}.svg`;
    return width ? `<img src="${source}" alt="${alt}" width="${width}">` : `![${alt}](${source})`;
  };
  const sections = parts.flatMap(({ name, report }) => [
    `## ${name}`,
    '',
    ...report.methods.map((line) => `- ${line}`),
    '',
    ...report.dots.flatMap((figure) => {
      const names = dotNames(figure).map((one) => `${one.name} ${one.word}`);
      const drawn = image(`${slug(name)}-${slug(figure.title)}`, figure.title, dotChart(figure));
      return [
        `### ${figure.title}`,
        '',
        `${figure.note} Colours: ${names.join(', ')}.`,
        '',
        drawn,
        '',
      ];
    }),
    ...report.tables.flatMap((table) => markdownTable(table, '###')),
    ...outlineSection(name, report, image),
    ...curveSection(name, report, methods, image),
  ]);
  return { markdown: ['# Benchmark', '', ...sections].join('\n'), figures };
}

type Image = (name: string, alt: string, svg: string, width?: string) => string;

const folded = (title: string, body: string): string[] => [
  `<details><summary>${title}</summary>`,
  '',
  body,
  '',
  '</details>',
  '',
];

function curveSection(
  name: string,
  { curves, seed }: BenchmarkReport,
  methods: readonly string[],
  image: Image,
): string[] {
  const drawn = curves.filter(({ method }) => methods.includes(method));
  if (drawn.length === 0) return [];
  return [
    '### How the QAM changes the loss',
    '',
    `Training cases by epoch, seed ${seed ?? '–'}; green: clean, red: damaged. Left: dice loss, dashed: ` +
      'times the weight. Right: weights (1: all cases weigh the same), dashed: 5 and 95 % of all ' +
      'cases.',
    '',
    ...drawn.flatMap(({ title, warmUp, charts }) => {
      const images = charts.map((chart, index) =>
        image(
          `${slug(name)}-${slug(title)}-${index + 1}`,
          chart.title,
          curveChart(chart, warmUp),
          '49%',
        ),
      );
      return folded(title, images.join('\n'));
    }),
  ];
}

function outlineSection(name: string, { outlines }: BenchmarkReport, image: Image): string[] {
  if (outlines.length === 0) return [];
  return [
    '### What the segmenters draw',
    '',
    'Clean test cases, evenly spread over their list; dashed: the truth.',
    '',
    ...outlines.flatMap((figure, index) => {
      const columns = ['truth', ...figure.methods.map((method) => method.name)].join(', ');
      const rows = outlineRows(figure, String(index)).map(({ svg, caption }, row) =>
        [
          image(`${slug(name)}-outlines-${index + 1}-${row + 1}`, columns, svg, '100%'),
          '',
          caption,
          '',
        ].join('\n'),
      );
      return folded(`${figure.title}: ${columns}`, rows.join('\n'));
    }),
  ];
}
