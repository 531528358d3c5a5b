/** The places of a case where its labels seem to be wrong. Pure. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { LabelKind } from '../../audit/contract/terms.ts';
import type { Rect } from '../drawing/types.ts';
import { worstFirst } from './worst-first.ts';

/** The place where a label seems to be wrong, in image pixels. */
export interface Suspected {
  readonly structure: string;
  readonly kind: LabelKind;
  readonly place: Rect;
}

/**
 * The suspected places of a case's labels, of the worst label first. A label without a reason that people can
 * read has none, even if it differs from the proposal somewhere.
 */
export function suspectedPlaces({ case: { width, height }, labels }: CaseDetail): Suspected[] {
  return worstFirst(labels).flatMap(({ structure, reasons, words }) => {
    if (words.length === 0 || !reasons?.place || reasons.kind === null || reasons.kind === 'none')
      return [];
    const { left, top, width: w, height: h } = reasons.place;
    const place = { x: left * width, y: top * height, width: w * width, height: h * height };
    return [{ structure, kind: reasons.kind, place }];
  });
}

/**
 * The place that the stage marks for the active label. A label that seems to be omitted shows nothing by
 * itself, so its place is marked without asking, until the person draws it.
 * @param pointed whether the person asked for the place
 * @param drawn whether the person has drawn on the label since it was scored
 */
export function shownPlace(
  places: readonly Suspected[],
  active: string,
  pointed: boolean,
  drawn: boolean,
): Suspected | null {
  const found = places.find(({ structure }) => structure === active);
  if (!found) return null;
  return pointed || (found.kind === 'omitted' && !drawn) ? found : null;
}
