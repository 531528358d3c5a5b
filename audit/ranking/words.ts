/** Puts the reasons why a label is suspected into sentences, which stand beside the picture. */
import { KIND_WORDS } from '../contract/kinds.ts';
import type { CaseSummary, LabelReasons, Place } from '../contract/terms.ts';
import { decimal, percent, titled } from '../contract/words.ts';
import {
  ELSEWHERE_DICE,
  FAR_BOUNDARY,
  ODD_AREA,
  POOR_DICE,
  RAGGED_BOUNDARY,
} from './thresholds.ts';

type Size = Pick<CaseSummary, 'width' | 'height'>;

const third = (share: number): 0 | 1 | 2 => (share < 1 / 3 ? 0 : share <= 2 / 3 ? 1 : 2);

/** For example `in the left middle of the image, 12 × 9 px`; left is left on the picture. */
function placeWords(place: Place, { width, height }: Size): string {
  const [column, row] = [third(place.x), third(place.y)];
  const across = ['left', 'middle', 'right'][column];
  const down = ['upper', 'middle', 'lower'][row];
  const where = row !== 1 ? `${down} ${across}` : column === 1 ? 'middle' : `${across} middle`;
  const pixels = (share: number, side: number): number => Math.max(1, Math.round(share * side));
  const size = `${pixels(place.width, width)} × ${pixels(place.height, height)} px`;
  return `in the ${where} of the image, ${size}`;
}

const along = ({ boundaryOff }: LabelReasons): string =>
  boundaryOff === null ? '' : ` along ${percent(boundaryOff)} of the boundary`;

/** The sentence for a label if either the label or the model's proposal is empty. */
function presence({ structure, areaRatio, kind, place }: LabelReasons, size: Size): string {
  const where = place === null ? '' : ` ${placeWords(place, size)}`;
  if (kind === 'omitted' || (kind === null && areaRatio === 0)) {
    return `The ${structure} is drawn as empty, but the model sees one${where}.`;
  }
  return place === null
    ? `The ${structure} is drawn where the model sees none.`
    : `The ${structure} is drawn${where}, where the model sees none.`;
}

/**
 * Says how far the label's boundary lies inside or outside the model's outline. The sentence begins with a
 * small letter.
 */
function boundaryWords(reasons: LabelReasons): string {
  const { structure, boundary } = reasons;
  const side = (boundary ?? 0) < 0 ? 'inside' : 'outside';
  const far = boundary === null ? '' : `${decimal(Math.abs(boundary), 1)} px `;
  return `the ${structure} is drawn ${far}${side} the model's outline${along(reasons)}.`;
}

const raggedWords = (reasons: LabelReasons): string =>
  `the ${reasons.structure} leaves the model's outline${along(reasons)}, now inside, now outside.`;

/** The sentence for a label's kind of error, or null if the kind is unknown or `none`. */
function kindSentence(reasons: LabelReasons, size: Size): string | null {
  const { structure, kind, place } = reasons;
  const where = place === null ? '' : ` ${placeWords(place, size)}`;
  const led = (text: string): string => `${KIND_WORDS[kind ?? 'none']}: ${text}`;
  switch (kind) {
    case null:
    case 'none':
      return null;
    case 'omitted':
    case 'invented':
      return presence(reasons, size);
    case 'too-large':
    case 'too-small':
      return led(boundaryWords(reasons));
    case 'ragged':
      return led(raggedWords(reasons));
    case 'shifted':
      return led(`the ${structure} has the shape of the model's outline but lies beside it.`);
    case 'part-missing':
      return led(`the ${structure} lacks a part that the model sees${where}.`);
    case 'side-missing':
      return led(`the ${structure} lacks a side that the model sees${where}.`);
    case 'leaked':
      return led(`the ${structure} runs out of the model's outline${where}.`);
    case 'swapped':
      return led(`the ${structure} fits the model's outline of another structure.`);
    case 'other-patient':
      return led(`the ${structure} has a shape of its own, unlike the model's outline.`);
  }
}

/** The sentence of a label whose kind of error is not known, or null if nothing stands out. */
function plainSentence(reasons: LabelReasons, size: Size, far: number): string | null {
  const { structure, dice, boundary, boundaryOff, areaRatio } = reasons;
  if (dice === 0 && boundary === null) return presence(reasons, size);
  if (dice !== null && dice < ELSEWHERE_DICE) {
    return `The ${structure} lies elsewhere than the model's outline (dice ${decimal(dice, 2)}).`;
  }
  if (boundary !== null && Math.abs(boundary) >= far) return titled(boundaryWords(reasons));
  if (boundaryOff !== null && boundaryOff >= RAGGED_BOUNDARY) return titled(raggedWords(reasons));
  if (dice === null || dice >= POOR_DICE) return null;
  // The drawn boundary lies right, so the low dice means that a part is missing or that there is a part
  // too many.
  return areaRatio < 1
    ? `A part of the ${structure} seems to be missing.`
    : `The ${structure} seems to have a part too many.`;
}

/**
 * Short sentences, the strongest reason first: "Too small: the lung is drawn 9.4 px inside the model's
 * outline along 81 % of the boundary." If the kind of error is known, the first sentence tells it. Empty if
 * no reason is strong enough.
 * @param size of the label, in pixels
 */
export function reasonWords(reasons: LabelReasons, size: Size): string[] {
  const { dice, areaRatio, areaZ } = reasons;
  const far = (FAR_BOUNDARY * Math.sqrt(size.width * size.height)) / 256;
  const words: string[] = [];
  const plain = plainSentence(reasons, size, far);
  // The kind alone is no reason: a label that agrees with the model has one, too.
  if (plain !== null) words.push(kindSentence(reasons, size) ?? plain);
  if (dice !== null && dice >= ELSEWHERE_DICE && dice < POOR_DICE) {
    words.push(`Its dice with the model is ${decimal(dice, 2)}.`);
  }
  if (Math.abs(areaZ) >= ODD_AREA && areaRatio > 0) {
    const than = areaZ < 0 ? 'smaller' : 'larger';
    words.push(
      `Its area is ${decimal(areaRatio, 2)} times the typical one: ${than} than nearly all others.`,
    );
  }
  return words;
}
