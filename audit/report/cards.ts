/** The worst labels as cards: the picture, the reasons in words, the numbers. */
import { NUMBER_SHORT } from '../contract/ranked.ts';
import { decimal, signed } from '../contract/words.ts';
import { reasonWords } from '../ranking/words.ts';
import { html } from './escape.ts';
import { entryReasons } from './data.ts';
import type { WorstLabel } from './data.ts';
import type { LabelPicture } from './picture.ts';

function shot(picture: LabelPicture, colour: string, alt: string): string {
  const { width, height, image, label, proposal } = picture;
  // A dark halo keeps the outline visible on any picture.
  const halo = label === '' ? '' : `<path class="halo" d="${label}"/>`;
  const given =
    label === '' ? '' : `<path class="label" d="${label}" fill="${colour}" stroke="${colour}"/>`;
  const model = proposal === '' ? '' : `<path class="proposal" d="${proposal}"/>`;
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${html(alt)}">` +
    `<image href="${image}" width="${width}" height="${height}"/>${halo}${given}${model}</svg>`
  );
}

/** The HTML of one card. @param colour the colour of the structure, a valid `#rrggbb` */
export function card(worst: WorstLabel, colour: string): string {
  const { entry, picture, problem, size } = worst;
  const reasons = entryReasons(entry);
  const words = reasons === null ? [] : reasonWords(reasons, size);
  const why =
    words.length > 0
      ? words.join(' ')
      : 'No single number stands out, but all measures together do.';
  const verdict =
    entry.verdict === null ? '' : `<span class="tag ${entry.verdict}">${entry.verdict}</span>`;
  const before =
    entry.previousRank === null || entry.previousRank === entry.rank
      ? ''
      : `<span class="tag">was ${entry.previousRank}</span>`;
  const tags = verdict || before ? `<div class="tags">${verdict}${before}</div>` : '';
  const alt = `${entry.structure} of ${entry.case}: the label and the model's outline`;
  const frame =
    picture === null
      ? `<div class="none">${html(problem ?? 'No picture.')}</div>`
      : shot(picture, colour, alt);
  const boundary =
    reasons === null || reasons.boundary === null ? '–' : `${signed(reasons.boundary, 1)} px`;
  const range = reasons?.expected
    ? ` <small>${decimal(reasons.expected.low, 2)} – ${decimal(reasons.expected.high, 2)}</small>`
    : '';
  const score = `<div><span>${NUMBER_SHORT[entry.number]}</span>${decimal(entry.score, 2)}${range}</div>`;
  return (
    `<article class="card"><div class="shot">${frame}<span class="rank">${entry.rank}</span></div>` +
    `<div class="body"><div class="who"><span class="id" title="${html(entry.case)}">` +
    `${html(entry.case)}</span><span class="s"><i class="dot" style="background:${colour}"></i>` +
    `${html(entry.structure)}</span></div><p class="why">${html(why)}</p>${tags}` +
    `<div class="nums">${score}<div><span>dice</span>${decimal(reasons?.dice, 2)}</div>` +
    `<div><span>boundary</span>${boundary}</div>` +
    `<div><span>area</span>× ${decimal(reasons?.areaRatio, 2)}</div></div></div></article>`
  );
}
