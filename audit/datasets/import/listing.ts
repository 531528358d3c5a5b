/** The listing of a dataset that one or a few annotation files describe. Pure. */
import { UserError } from '../../errors.ts';
import { withColours } from '../tree/structures.ts';
import type { DatasetListing } from '../types.ts';

interface Read extends Pick<DatasetListing, 'root' | 'notices' | 'cases' | 'layout'> {
  /** Names, in their order. */
  readonly structures: readonly string[];
}

/**
 * @param nothing the sentence that is said when no case is left, and no notice says why.
 * @throws UserError when there is no case, or nothing is drawn in any.
 */
export function listingOf({ structures, ...read }: Read, nothing: string): DatasetListing {
  const { root, notices, cases } = read;
  if (cases.length === 0 || structures.length === 0) {
    const [first] = notices;
    throw new UserError(
      first === undefined
        ? nothing
        : `No case of ${root} has a label: ${first.file} ${first.reason}`,
    );
  }
  return { ...read, folders: [root], structures: withColours(structures), places: null };
}
