/** Makes the listing of a dataset from the cases that a reader found. Pure. */
import { UserError } from '../../errors.ts';
import { withColours } from '../tree/structures.ts';
import type { DatasetListing } from '../types.ts';

interface FoundDataset
  extends
    Pick<DatasetListing, 'root' | 'notices' | 'cases' | 'layout'>,
    Partial<Pick<DatasetListing, 'folders' | 'places'>> {
  /** Names, in the order in which people see them. */
  readonly structures: readonly string[];
}

/**
 * Completes the listing of a dataset. Each structure gets a colour; `folders` defaults to the root alone,
 * `places` to null.
 * @param nothing the error's sentence if there is no case and no notice says why; not needed by a reader
 *   that has checked for cases itself
 * @throws UserError when there is no case or no structure.
 */
export function listingOf(
  { structures, ...dataset }: FoundDataset,
  nothing?: string,
): DatasetListing {
  const { root, notices, cases } = dataset;
  if (cases.length === 0 || structures.length === 0) {
    const [first] = notices;
    throw new UserError(
      first === undefined
        ? (nothing ?? `${root} has no case to import.`)
        : `No case of ${root} has a label: ${first.file} ${first.reason}`,
    );
  }
  return { folders: [root], places: null, ...dataset, structures: withColours(structures) };
}
