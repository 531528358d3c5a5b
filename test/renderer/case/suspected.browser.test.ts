import { expect, it } from 'vitest';
import type { CaseDetail } from '../../../audit/contract/api.ts';
import type { LabelKind, Place } from '../../../audit/contract/terms.ts';
import { shownPlace, suspectedPlaces } from '../../../renderer/case/suspected.ts';
import { veiled } from '../../../renderer/case/veil.ts';
import { detailOf, rowOf } from '../review/cases.ts';

const PLACE: Place = { x: 0.5, y: 0.5, left: 0.25, top: 0.5, width: 0.5, height: 0.25 };

/** A case of 32 × 24 pixels whose labels have these kinds of error, the heart the lower score. */
function caseOf(lung: LabelKind | null, heart: LabelKind | null): CaseDetail {
  const detail = detailOf(rowOf(1));
  const labels = detail.labels.map((label) => ({
    ...label,
    reasons: label.reasons && {
      ...label.reasons,
      kind: label.structure === 'lung' ? lung : heart,
      place: PLACE,
    },
    words: ['Something is wrong.'],
  }));
  return { ...detail, labels };
}

const structures = (detail: CaseDetail): string[] =>
  suspectedPlaces(detail).map(({ structure }) => structure);

it('gives the places in pixels of the image, of the worst label first', () => {
  const found = suspectedPlaces(caseOf('leaked', 'part-missing'));
  expect(found).toEqual([
    { structure: 'heart', kind: 'part-missing', place: { x: 8, y: 12, width: 16, height: 6 } },
    { structure: 'lung', kind: 'leaked', place: { x: 8, y: 12, width: 16, height: 6 } },
  ]);
});

it('gives no place for a label without an error, of an older score, or without a reason', () => {
  expect(structures(caseOf('none', 'leaked'))).toEqual(['heart']);
  expect(structures(caseOf(null, null))).toEqual([]);
  const detail = caseOf('leaked', 'leaked');
  const labels = detail.labels.map((label) => ({ ...label, words: [] }));
  expect(structures({ ...detail, labels })).toEqual([]);
});

it('gives no place in a blind check', () => {
  expect(structures(veiled(caseOf('leaked', 'omitted')))).toEqual([]);
});

it('marks an omitted label without asking, until somebody draws it, and others when asked', () => {
  const places = suspectedPlaces(caseOf('leaked', 'omitted'));
  const [nobody, some] = [new Set<string>(), new Set(['heart'])];
  expect(shownPlace(places, 'heart', null, nobody)?.kind).toBe('omitted');
  expect(shownPlace(places, 'heart', null, some)).toBeNull();
  expect(shownPlace(places, 'heart', 'heart', some)?.kind).toBe('omitted');
  // The active structure stays from case to case, so another one may be omitted.
  expect(shownPlace(places, 'lung', null, nobody)?.structure).toBe('heart');
  expect(shownPlace(places, 'lung', null, some)).toBeNull();
  expect(shownPlace(places, 'lung', 'lung', nobody)?.kind).toBe('leaked');
  expect(shownPlace(places, 'clavicle', 'clavicle', some)).toBeNull();
});
