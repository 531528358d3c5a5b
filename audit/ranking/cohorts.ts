/**
 * Which labels a label is compared with: the drawn labels of its structure or the empty ones, as it is.
 * "Nothing is there" and an outline have different scores by nature, however right both are. Where
 * almost all labels of a structure are drawn, or almost all are empty, the few others are compared with
 * them: they have no cohort of their own.
 */

/** A structure has two cohorts if it has at least this many labels of each kind. */
const FEWEST_ALIKE = 10;

/** A label as far as its cohort depends on it. */
export interface CohortLabels {
  /** Number of the structure, by label. */
  readonly structures: ArrayLike<number>;
  /** Share of the image that the label covers, by label; 0 is an empty label. */
  readonly area: ArrayLike<number>;
}

/**
 * @returns the number of each label's cohort: twice the number of its structure, and 1 more for the cohort
 *   that holds its drawn labels
 */
export function cohortsOf({ structures, area }: CohortLabels): Uint32Array {
  const cohorts = new Uint32Array(structures.length);
  const counts: number[] = [];
  for (let row = 0; row < cohorts.length; row += 1) {
    cohorts[row] = 2 * structures[row] + (area[row] > 0 ? 1 : 0);
    counts[cohorts[row]] = (counts[cohorts[row]] ?? 0) + 1;
  }
  const few = (cohort: number): boolean => (counts[cohort] ?? 0) < FEWEST_ALIKE;
  for (let row = 0; row < cohorts.length; row += 1) {
    const drawn = cohorts[row] | 1;
    if (few(drawn) || few(drawn - 1)) cohorts[row] = drawn;
  }
  return cohorts;
}
