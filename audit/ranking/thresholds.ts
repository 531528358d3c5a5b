/** The numbers that decide what is said of a label, and what is marked: each stands here alone. */

/**
 * Combined scores below which a label lies far from the rest of its structure (`bad`), or at its edge
 * (`doubtful`). 3.5 is the limit of Iglewicz and Hoaglin (1993) for robust z-scores.
 */
export const SUSPICIOUS = { bad: -3.5, doubtful: -2 } as const;

/** Robust z-score of the area, either way, from which it is named: the same limit. */
export const ODD_AREA = 3.5;

/** Dice with the model below which a label is worth a word. */
export const POOR_DICE = 0.9;
/** Dice with the model below which the label lies elsewhere. */
export const ELSEWHERE_DICE = 0.05;

/** Mean boundary distance, in px at 256², from which a label is called too large or too small. */
export const FAR_BOUNDARY = 1;
/** Mean boundary distance, in px of the label, from which a row of a table shows it. */
export const SHOWN_BOUNDARY = 0.5;
/** Share of the boundary off the model's outline from which it is called ragged. */
export const RAGGED_BOUNDARY = 0.25;

/**
 * Dice with the true mask below which a label is an error. Redrawing a label by hand moves its dice
 * by a few per cent, which is no error.
 */
export const ERROR_DICE = 0.95;
