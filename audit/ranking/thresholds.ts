/** The limits that decide which labels are marked and which reasons are named. */

/** The limits of the expected dice; the window uses them, too. */
export { SUSPICIOUS } from '../contract/ranked.ts';

/**
 * From this robust z-score on, up or down, an area counts as odd. Iglewicz and Hoaglin (1993) name this
 * limit.
 */
export const ODD_AREA = 3.5;

/** Below this dice between label and model, the dice is named as a reason. */
export const POOR_DICE = 0.9;
/** Below this dice between label and model, a reason says that the label lies elsewhere. */
export const ELSEWHERE_DICE = 0.05;

/**
 * From this mean boundary distance on, in px at 256², a reason says that the label is drawn inside or
 * outside the model's outline.
 */
export const FAR_BOUNDARY = 1;
/** From this mean boundary distance on, in px of the label, the command line's tables show it. */
export const SHOWN_BOUNDARY = 0.5;
/**
 * If at least this share of the boundary lies off the model's outline, a reason says that the label leaves
 * the outline.
 */
export const RAGGED_BOUNDARY = 0.25;
