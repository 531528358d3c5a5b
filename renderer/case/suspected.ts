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
 * The place that the stage marks: that of the active label if the person asked for it. A label that seems to be
 * omitted shows nothing by itself, so its place is marked without asking, until the person draws it.
 * @param pointed the structure whose place the person asked for, or null
 * @param drawn structures that the person has drawn on since they were scored
 */
export function shownPlace(
  places: readonly Suspected[],
  active: string | null,
  pointed: string | null,
  drawn: ReadonlySet<string>,
): Suspected | null {
  const isOmitted = ({ kind, structure }: Suspected): boolean =>
    kind === 'omitted' && !drawn.has(structure);
  const own = places.find(({ structure }) => structure === active);
  if (own && (pointed === active || isOmitted(own))) return own;
  return places.find(isOmitted) ?? null;
}
