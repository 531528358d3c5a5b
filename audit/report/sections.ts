/** The report's sections below the cards: distributions, training, verdicts, moves, evaluation. */
import { SUSPICIOUS } from '../ranking/thresholds.ts';
import { NUMBER_NAMES, isDice } from '../contract/ranked.ts';
import { counted, decimal, percent, plural, titled } from '../contract/words.ts';
import { curves, histogram, stackedBar } from './charts.ts';
import type { Series } from './charts.ts';
import { html } from './escape.ts';
import { entryReasons, suspiciousLabels } from './data.ts';
import type { LabelEntry, ReportData } from './data.ts';

/**
 * The ends of a histogram of dice; the first bar also counts the values below 0.5. A bar is a hundredth
 * wide, so that the limits of `SUSPICIOUS` are the edges of bars.
 */
const DICE_RANGE = { from: 0.5, to: 1, bins: 50 };
/** For a histogram of numbers that are no dice: the number of bins, and limits that mark no bar. */
const BINS = 42;
const UNMARKED = { bad: -Infinity, doubtful: -Infinity };

export type Colours = ReadonlyMap<string, string>;

const dot = (colour: string | undefined): string =>
  `<i class="dot" style="background:${colour ?? 'var(--mute)'}"></i>`;

const legendLine = ({ name, colour, dashed }: Series): string =>
  `<span><i${dashed ? ' class="dashed"' : ''} style="border-color:${html(colour)}"></i>` +
  `${html(name)}</span>`;

/** A section with its heading and a sentence below it. */
export function section(title: string, note: string, body: string): string {
  return `<section><h2>${html(title)}</h2><p class="note">${html(note)}</p>${body}</section>`;
}

/** Histograms of the number that ranks the labels, one for each structure that is ranked. */
export function distributions(data: ReportData, colours: Colours): string {
  const { number } = data.ranked;
  const [name, dice] = [NUMBER_NAMES[number], isDice(number)];
  const all = data.labels.map((label) => label.score);
  // Math.min(...all) fails on 100,000 arguments.
  const from = all.reduce((a, b) => Math.min(a, b), Infinity);
  const to = all.reduce((a, b) => Math.max(a, b), from + 1e-6);
  const range = dice ? { ...DICE_RANGE, ...SUSPICIOUS } : { from, to, bins: BINS, ...UNMARKED };
  const panels = data.structures.map((structure) => {
    const own = data.labels.filter((label) => label.structure === structure.name);
    if (own.length === 0) return '';
    const chart = histogram(
      own.map((label) => label.score),
      { ...range, title: `${titled(name)} of the ${structure.name} labels` },
    );
    const below = dice ? `, ${suspiciousLabels(own).length} below ${SUSPICIOUS.bad}` : '';
    return (
      `<div class="panel"><div class="head"><span class="name">${dot(colours.get(structure.name))}` +
      `${html(structure.name)}</span><small>${counted(own.length, 'label')}${below}</small></div>` +
      `${chart}</div>`
    );
  });
  const limits = dice
    ? ` Below ${SUSPICIOUS.bad} a label is probably wrong; below ${SUSPICIOUS.doubtful} it is doubtful.`
    : '';
  return section(
    `${titled(name)} of the labels`,
    `Lower is worse.${limits} A height is the square root of the count, so that single bad labels are visible.`,
    `<div class="grid three">${panels.join('')}</div>`,
  );
}

/** Loss and dice over the epochs; empty if the run has no metrics. */
export function training(data: ReportData, colours: Colours): string {
  const { epochs, trained } = data;
  if (epochs.length === 0) return '';
  const warmUp = epochs.filter((epoch) => epoch.phase === 'warm-up').length;
  const losses: Series[] = [
    { name: 'dice loss', colour: 'var(--accent)', values: epochs.map((epoch) => epoch.loss) },
    {
      name: 'as weighted by the QAM',
      colour: 'var(--accent)',
      dashed: true,
      values: epochs.map((epoch) => epoch.weightedLoss),
    },
  ];
  const held = epochs.some((epoch) => epoch.testDice?.some((value) => value !== null))
    ? 'test'
    : epochs.some((epoch) => epoch.validationDice?.some((value) => value !== null))
      ? 'validation'
      : null;
  const dice = trained.flatMap((name, s): Series[] => {
    const colour = colours.get(name) ?? 'var(--mute)';
    const at = (values: readonly (number | null)[] | null): number | null => values?.[s] ?? null;
    const train: Series = {
      name: `${name}, training`,
      colour,
      dashed: held !== null,
      values: epochs.map((epoch) => at(epoch.trainDice)),
    };
    if (held === null) return [train];
    const apart: Series = {
      name: `${name}, ${held}`,
      colour,
      values: epochs.map((epoch) => at(held === 'test' ? epoch.testDice : epoch.validationDice)),
    };
    return [train, apart];
  });
  const panel = (title: string, series: readonly Series[]): string =>
    `<div class="panel"><h3>${title}</h3>${curves({ title, series, warmUp })}` +
    `<div class="legend">${series.map(legendLine).join('')}</div></div>`;
  const first = epochs[0].epoch;
  return section(
    'Training',
    `${counted(epochs.length, 'epoch')}${first > 1 ? `, from epoch ${first}` : ''}. ` +
      'While the segmenter warms up, the QAM does not learn yet.',
    `<div class="grid two">${panel('Loss by epoch', losses)}${panel('Dice by epoch', dice)}</div>`,
  );
}

const VERDICTS = ['accepted', 'fixed', 'excluded', 'flagged'] as const;
const VERDICT_COLOURS = {
  accepted: 'var(--ok)',
  fixed: 'var(--accent)',
  excluded: 'var(--bad)',
  flagged: 'var(--warn)',
} as const;

/** A table that counts the verdicts so far, with one row for each structure. */
export function verdicts(data: ReportData, colours: Colours): string {
  const rows = data.verdicts.map(({ structure, counts, open, absent, found }) => {
    const { name } = structure;
    const bar = stackedBar(`Verdicts on the ${name} labels`, [
      ...VERDICTS.map((verdict) => ({
        name: verdict,
        count: counts[verdict],
        className: verdict,
      })),
      { name: 'no verdict yet', count: open, className: 'open' },
    ]);
    const cells = VERDICTS.map((verdict) => `<td>${counts[verdict]}</td>`).join('');
    return (
      `<tr><td>${dot(colours.get(name))}${html(name)}</td><td style="width:34%">${bar}</td>` +
      `${cells}<td>${open}</td><td>${absent}</td><td>${found}</td></tr>`
    );
  });
  const heads = VERDICTS.map(
    (verdict) =>
      `<th><i class="dot" style="background:${VERDICT_COLOURS[verdict]}"></i>${verdict}</th>`,
  ).join('');
  return section(
    'Verdicts',
    'Excluded labels are left out of the next training. An error was found in each label that was ' +
      'excluded, removed, or corrected and given a verdict.',
    `<div class="panel wide"><table><thead><tr><th>structure</th><th></th>${heads}<th>open</th>` +
      `<th>absent</th><th>errors found</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

const MOVES = 12;
/**
 * The front of the list: its first 20 labels, or this share of it if that is more. A change of rank is shown
 * only if the rank before or the rank now lies in the front; changes further down mean nothing.
 */
const FRONT = 0.1;

/**
 * The labels whose rank changed most into, out of or within the front, the strongest change first. The
 * strength of a change is the ratio of the two ranks.
 */
function strongestMoves(labels: readonly LabelEntry[]): LabelEntry[] {
  const front = Math.max(20, labels.length * FRONT);
  const weight = ({ rank, previousRank }: LabelEntry): number =>
    Math.abs(Math.log(previousRank! / rank));
  return labels
    .filter(
      ({ rank, previousRank }) =>
        previousRank !== null && previousRank !== rank && Math.min(rank, previousRank) <= front,
    )
    .sort((a, b) => weight(b) - weight(a) || a.rank - b.rank)
    .slice(0, MOVES);
}

/** The labels whose rank changed most since the previous run; empty without a previous run. */
export function moves(data: ReportData, colours: Colours): string {
  if (data.previousRun === null) return '';
  const moved = strongestMoves(data.labels);
  const top = data.labels.slice(0, 20);
  const stayed = top.filter(({ previousRank }) => (previousRank ?? Infinity) <= 20).length;
  const rows = moved.map((entry) => {
    const worse = entry.rank < entry.previousRank!;
    return (
      `<tr><td class="id-cell" title="${html(entry.case)}">${html(entry.case)}</td>` +
      `<td class="l">${dot(colours.get(entry.structure))}${html(entry.structure)}</td>` +
      `<td>${entry.previousRank}</td><td class="${worse ? 'up' : 'down'}">` +
      `${worse ? '▲' : '▼'} ${entry.rank}</td><td>${decimal(entryReasons(entry)?.dice, 2)}</td>` +
      `<td>${entry.verdict ?? '–'}</td></tr>`
    );
  });
  const body =
    rows.length === 0
      ? '<div class="panel">Nothing near the front of the list moved.</div>'
      : `<div class="panel wide"><table><thead><tr><th>case</th><th class="l">structure</th>` +
        `<th>rank before</th><th>rank now</th><th>dice</th><th>verdict</th></tr></thead>` +
        `<tbody>${rows.join('')}</tbody></table></div>`;
  return section(
    'What moved since the run before',
    `Of the worst ${counted(top.length, 'label')}, ${stayed} ${plural(stayed, 'was', 'were')} among the worst 20 of run ` +
      `${data.previousRun}. ▲ is more suspicious than before, ▼ less.`,
    body,
  );
}

const MEASURES = {
  combined: 'combined',
  learned: 'learned (QAM)',
  disagreement: 'disagreement',
  softmin: 'softmin',
} as const;

/** Tables of how well each measure finds the known errors; empty if no truth is known. */
export function evaluation(data: ReportData): string {
  if (data.evaluation === null || data.evaluation.length === 0) return '';
  const tables = (['case', 'label'] as const).map((per) => {
    const rows = data
      .evaluation!.filter((entry) => entry.per === per)
      .map((entry) => {
        const levels = entry.levels.map(({ auroc }) => `<td>${decimal(auroc, 3)}</td>`).join('');
        const lifts = entry.lift.map(({ lift }) => `<td>${decimal(lift, 1)}</td>`).join('');
        return (
          `<tr><td>${MEASURES[entry.by]}</td><td>${decimal(entry.auroc, 3)}</td>` +
          `${levels}<td>${decimal(entry.auprc, 3)}</td>${lifts}<td>${decimal(entry.spearman, 2)}</td></tr>`
        );
      });
    const one = data.evaluation!.find((entry) => entry.per === per);
    if (!one) return '';
    const levels = one.levels
      .map(({ below }) => `<th>dice &lt; ${decimal(below, 2)}</th>`)
      .join('');
    const heads = one.lift.map(({ share }) => `<th>lift ${percent(share)}</th>`).join('');
    return (
      `<div class="panel wide"><h3>Per ${per}: ${counted(one.errors, 'error')} in ${counted(one.count, per)}</h3><table>` +
      `<thead><tr><th>measure</th><th>AUROC</th>${levels}<th>AUPRC</th>${heads}<th>ρ with dice</th></tr>` +
      `</thead><tbody>${rows.join('')}</tbody></table></div>`
    );
  });
  return section(
    'Against the known truth',
    'AUROC is the chance that a randomly chosen bad label ranks before a randomly chosen good one; dice < 0.95: with a ' +
      'lower dice as the error. Lift is how many times more errors lie among the worst than chance ' +
      'would put there.',
    `<div class="grid two">${tables.join('')}</div>`,
  );
}
