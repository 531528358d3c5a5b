/** The report as one self-contained HTML page: no script, no font, no request. */
import { SUSPICIOUS } from '../ranking/thresholds.ts';
import { isDice, rankedNotes } from '../contract/ranked.ts';
import { counted, decimal, integer, momentUtc, percent, plural } from '../contract/words.ts';
import { median } from '../../models/statistics.ts';
import { card } from './cards.ts';
import { html } from './escape.ts';
import { entryReasons, suspiciousLabels } from './data.ts';
import type { ReportData } from './data.ts';
import { distributions, evaluation, moves, section, training, verdicts } from './sections.ts';
import type { Colours } from './sections.ts';
import { STYLE } from './style.ts';

const FALLBACK = '#8b95a3';

/**
 * The colour of each structure. An invalid colour is replaced, because attributes hold colours
 * unescaped.
 */
function coloursOf(data: ReportData): Colours {
  return new Map(
    data.structures.map(({ name, colour }) => [
      name,
      /^#[0-9a-f]{6}$/i.test(colour) ? colour : FALLBACK,
    ]),
  );
}

const tile = (value: string, text: string, className = ''): string =>
  `<div class="tile ${className}"><b>${value}</b><span>${html(text)}</span></div>`;

function tiles(data: ReportData): string {
  const { labels } = data;
  const suspicious = suspiciousLabels(labels);
  const cases = new Set(suspicious.map((label) => label.case)).size;
  const open = data.verdicts.reduce((sum, row) => sum + row.open, 0);
  const found = data.verdicts.reduce((sum, row) => sum + row.found, 0);
  const all = data.verdicts.reduce(
    (sum, row) => sum + row.open + Object.values(row.counts).reduce((a, b) => a + b, 0),
    0,
  );
  const dices = labels.map((label) => entryReasons(label)?.dice ?? null).filter((d) => d !== null);
  const best = data.evaluation?.find((entry) => entry.by === 'combined' && entry.per === 'case');
  return [
    tile(integer(data.cases), plural(data.cases, 'case')),
    tile(integer(labels.length), `${plural(labels.length, 'label')} ranked`),
    isDice(data.ranked.number)
      ? tile(
          integer(suspicious.length),
          `${plural(suspicious.length, 'label')} below a dice of ${decimal(SUSPICIOUS.bad, 2)}, in ${counted(cases, 'case')}`,
          suspicious.length > 0 ? 'bad' : '',
        )
      : '',
    tile(percent((all - open) / Math.max(1, all)), `reviewed, ${integer(open)} open`),
    tile(integer(found), `${plural(found, 'error')} found`),
    dices.length > 0 ? tile(decimal(median(dices), 2), 'median dice with the model') : '',
    typeof best?.auroc === 'number'
      ? tile(decimal(best.auroc, 3), 'AUROC of the ranking, per case')
      : '',
  ].join('');
}

/** What a reader must know before the ranking: a collapse, structures that were not learned. */
function notes({ ranked }: ReportData): string {
  return rankedNotes(ranked)
    .map(({ tone, text }) => {
      const before = tone === 'warning' ? '<b>Warning:</b> ' : '';
      return `<p class="panel ${tone}">${before}${html(text)}</p>`;
    })
    .join('');
}

/** For each number by which labels can be ranked: what it means. */
const EXPLAINED = {
  expected:
    'The expected dice is the dice that a label probably has with the true mask. Overread learns it from ' +
    'errors that it plants on trusted labels.',
  agreement:
    'The agreement with the model is the soft dice of a label with the segmenter. These networks have no ' +
    'calibration, so the dice with the true mask is unknown.',
  learned:
    'The learned score is what the QAM says of a label. These networks have no segmenter, so no dice is known.',
  softmin: "The softmin is the soft minimum of the pixels' self-confidence.",
} as const;

function worst(data: ReportData, colours: Colours): string {
  if (data.worst.length === 0) return '';
  const cards = data.worst.map((label) =>
    card(label, colours.get(label.entry.structure) ?? FALLBACK),
  );
  const proposals = data.worst.some(({ picture }) => (picture?.proposal ?? '') !== '');
  return section(
    data.worst.length === 1 ? 'The worst label' : `The worst ${data.worst.length} labels`,
    `Solid, in the structure's colour: the label.${proposals ? " Dashed: the model's outline." : ''} ` +
      "Boundary: mean distance from the model's outline in pixels of the image, − inside, + outside. " +
      'Area: times the median of the structure.',
    `<div class="cards">${cards.join('')}</div>`,
  );
}

/** Makes the whole page. It escapes names and ids and loads nothing. */
export function reportPage(data: ReportData): string {
  const colours = coloursOf(data);
  const source =
    data.run === null
      ? `Scored with the model ${data.model.slice(0, 12)}`
      : `Run ${data.run.id} of ${momentUtc(new Date(data.run.startedAt))}`;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width,initial-scale=1">' +
    '<meta name="color-scheme" content="dark light">' +
    // Forbids scripts and requests, even if a name in the page contains code.
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; ' +
    "img-src data:; style-src 'unsafe-inline'\">" +
    `<title>${html(data.name)}: label report</title><style>${STYLE}</style></head><body>` +
    `<header><div class="brand"><i></i>Overread</div><h1>${html(data.name)}</h1>` +
    `<p class="sub">Label report, ${momentUtc(data.madeAt)}. ${html(source)}.</p>` +
    `<div class="tiles">${tiles(data)}</div></header><main>` +
    notes(data) +
    worst(data, colours) +
    distributions(data, colours) +
    evaluation(data) +
    verdicts(data, colours) +
    moves(data, colours) +
    training(data, colours) +
    `</main><footer><p>${html(EXPLAINED[data.ranked.number])} A lower number is worse. ` +
    'The whole ranking is in ranking.csv beside this page.</p>' +
    '<p>For curating datasets, not for diagnosis.</p></footer></body></html>\n'
  );
}
