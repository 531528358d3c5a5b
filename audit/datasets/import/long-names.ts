/** Leaves out cases whose names are longer than a project allows, because no reader checks that. Pure. */
import { MAX_CASE_NAME } from '../../contract/terms.ts';
import type { CaseSource, DatasetListing } from '../types.ts';
import { leftOut } from './notices.ts';

const TOO_LONG = `gives its case a name longer than ${MAX_CASE_NAME} characters: shorten the names of its folders.`;

/** The listing without the cases whose names are too long; a notice names the image of each. */
export function leaveOutLongNames<Listing extends DatasetListing>(listing: Listing): Listing {
  const isTooLong = ({ id }: CaseSource): boolean => id.length > MAX_CASE_NAME;
  const tooLong = listing.cases.filter(isTooLong);
  if (tooLong.length === 0) return listing;
  return {
    ...listing,
    cases: listing.cases.filter((source) => !isTooLong(source)),
    notices: [...listing.notices, ...tooLong.map(({ imageFile }) => leftOut(imageFile, TOO_LONG))],
  };
}
