/** A dataset as a person wants it: some of its structures, in colours of their own. */
import type { Structure } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { leftOut } from './notices.ts';
import type { CaseSource, DatasetListing } from '../types.ts';

/**
 * The listing with only `wanted`, in that order and those colours. A case without a label of them is
 * left out, and a notice says so.
 * @throws UserError when the dataset has no such structure, or nothing is left.
 */
export function selectStructures<Listing extends DatasetListing>(
  listing: Listing,
  wanted: readonly Structure[],
): Listing {
  const known = new Set(listing.structures.map(({ name }) => name));
  const names = new Set(wanted.map(({ name }) => name));
  const unknown = wanted.find(({ name }) => !known.has(name));
  if (unknown) {
    throw new UserError(`The dataset has no masks of “${unknown.name}”: leave it out.`);
  }
  const notices = [...listing.notices];
  const cases: CaseSource[] = [];
  for (const source of listing.cases) {
    const labels = source.labels.filter(({ structure }) => names.has(structure));
    if (labels.length > 0) cases.push({ ...source, labels });
    else notices.push(leftOut(source.imageFile, 'has no mask of the structures that were chosen.'));
  }
  if (cases.length === 0) {
    throw new UserError('No image has a mask of the structures that were chosen: choose others.');
  }
  return { ...listing, structures: wanted, notices, cases };
}
