/** The limits that decide which labels are marked and which reasons are named. */

/**
 * A label with a combined score below `bad` is far from the other labels of its structure; below
 * `doubtful` it is at their edge. Iglewicz and Hoaglin (1993) name 3.5 as the limit for robust z-scores.
 */
export const SUSPICIOUS = { bad: -3.5, doubtful: -2 } as const;

/** From this robust z-score on, up or down, an area counts as odd: the limit of `SUSPICIOUS.bad`. */
export const ODD_AREA = 3.5;

/** Below this dice between label and model, the dice is named as a reason. */
export const POOR_DICE = 0.9;
/** Below this dice between label and model, a reason says that the label lies elsewhere. */
export const ELSEWHERE_DICE = 0.05;

/**
 * From this mean boundary distance on, in px at 256², a reason says that the label is drawn inside or
 * outside.
 */
export const FAR_BOUNDARY = 1;
/** From this mean boundary distance on, in px of the label, the command line's tables show it. */
export const SHOWN_BOUNDARY = 0.5;
/**
 * From this share of the boundary off the model's outline on, a reason says that the boundary leaves it.
 */
export const RAGGED_BOUNDARY = 0.25;

/**
 * Below this dice with the true mask, a label is an error. Two people who draw the same label differ by
 * a few per cent, which is no error.
 */
export const ERROR_DICE = 0.95;
