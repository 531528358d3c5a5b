/** Restricts a listing to the structures that a person chose, in the chosen colours. */
import type { Structure } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { leftOut } from './notices.ts';
import type { CaseSource, DatasetListing } from '../types.ts';

/**
 * The listing with only the structures `wanted`, in their order and colours. A case whose labels are all of
 * other structures is left out with a notice; a case without any label stays.
 * @throws UserError when the dataset lacks one of the structures, or no case is left.
 */
export function selectStructures<Listing extends DatasetListing>(
  listing: Listing,
  wanted: readonly Structure[],
): Listing {
  const available = new Set(listing.structures.map(({ name }) => name));
  const names = new Set(wanted.map(({ name }) => name));
  const unknown = wanted.find(({ name }) => !available.has(name));
  if (unknown) {
    throw new UserError(`The dataset has no masks of “${unknown.name}”: leave it out.`);
  }
  const notices = [...listing.notices];
  const cases: CaseSource[] = [];
  for (const source of listing.cases) {
    const labels = source.labels.filter(({ structure }) => names.has(structure));
    if (labels.length > 0 || source.labels.length === 0) cases.push({ ...source, labels });
    else notices.push(leftOut(source.imageFile, 'has no mask of the structures that were chosen.'));
  }
  if (cases.length === 0) {
    throw new UserError('No image has a mask of the structures that were chosen: choose others.');
  }
  return { ...listing, structures: wanted, notices, cases };
}
