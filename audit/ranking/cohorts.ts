/**
 * Finds the cohort of a label: the labels that it is compared with. A drawn label is compared with the
 * drawn labels of its structure, an empty label with the empty ones, because the scores of drawn and of
 * empty labels differ even if all labels are right. If a structure has only few drawn or few empty labels,
 * all its labels form one cohort.
 */

/** A structure has two cohorts if it has at least this many drawn and this many empty labels. */
const FEWEST_ALIKE = 10;

/** The properties of the labels that decide their cohorts. */
export interface CohortLabels {
  /** Number of the structure, by label. */
  readonly structures: ArrayLike<number>;
  /** Share of the image that the label covers, by label; 0 is an empty label. */
  readonly area: ArrayLike<number>;
}

/**
 * @returns the number of each label's cohort. For the structure s it is 2s for empty labels and 2s + 1 for
 *   drawn ones; it is 2s + 1 for all labels if they form one cohort
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
