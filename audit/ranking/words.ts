/** Puts the reasons why a label is suspected into sentences, which stand beside the picture. */
import type { LabelReasons } from '../contract/terms.ts';
import { decimal, percent } from '../contract/words.ts';
import {
  ELSEWHERE_DICE,
  FAR_BOUNDARY,
  ODD_AREA,
  POOR_DICE,
  RAGGED_BOUNDARY,
} from './thresholds.ts';

/**
 * Short sentences, the strongest reason first: "The lung is drawn 9.4 px inside the model's outline along
 * 81 % of the boundary." Empty if no reason is strong enough.
 * @param scale the label's pixels for one pixel at 256²
 */
export function reasonWords(reasons: LabelReasons, scale = 1): string[] {
  const { structure, dice, boundary, boundaryOff, areaRatio, areaZ } = reasons;
  const words: string[] = [];
  if (dice === 0 && boundary === null) {
    words.push(
      areaRatio === 0
        ? `The ${structure} is drawn as empty, but the model sees one.`
        : `The ${structure} is drawn where the model sees none.`,
    );
  } else if (dice !== null && dice < ELSEWHERE_DICE) {
    words.push(
      `The ${structure} lies elsewhere than the model's outline (dice ${decimal(dice, 2)}).`,
    );
  } else if (boundary !== null && Math.abs(boundary) >= FAR_BOUNDARY * scale) {
    const along = boundaryOff === null ? '' : ` along ${percent(boundaryOff)} of the boundary`;
    const side = boundary < 0 ? 'inside' : 'outside';
    words.push(
      `The ${structure} is drawn ${decimal(Math.abs(boundary), 1)} px ${side} the model's outline${along}.`,
    );
  } else if (boundaryOff !== null && boundaryOff >= RAGGED_BOUNDARY) {
    words.push(
      `The ${structure} leaves the model's outline along ${percent(boundaryOff)} of the boundary, ` +
        'now inside, now outside.',
    );
  }
  if (words.length === 0 && dice !== null && dice < POOR_DICE) {
    // The drawn boundary lies right, so the low dice means that a part is missing or that there is a part
    // too many.
    words.push(
      areaRatio < 1
        ? `A part of the ${structure} seems to be missing: ` +
            `it covers ${percent(areaRatio)} of the usual area, its dice with the model is ${decimal(dice, 2)}.`
        : `The ${structure} seems to have a part too many: its dice with the model is ${decimal(dice, 2)}.`,
    );
    return words;
  }
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
