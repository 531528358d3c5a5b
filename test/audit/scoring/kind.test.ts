/**
 * Tests the kinds of errors on shapes that no coefficient was fitted on: two ellipses (a pair of lungs) and
 * a disc (a heart).
 */
import { describe, expect, it } from 'vitest';
import {
  dilated,
  eroded,
  missingPart,
  oneSided,
  ragged,
  shifted,
  warped,
} from '../../../audit/damage/damage.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { kindOf } from '../../../audit/scoring/kind.ts';
import { placeOf } from '../../../audit/scoring/place.ts';
import { Random } from '../../../models/random.ts';

const SIDE = 128;
type Inside = (x: number, y: number) => boolean;

const drawn = (...shapes: Inside[]): Mask => ({
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    shapes.some((inside) => inside(i % SIDE, Math.floor(i / SIDE))) ? 1 : 0,
  ),
});
const ellipse =
  (cx: number, cy: number, rx: number, ry: number): Inside =>
  (x, y) =>
    ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
const box =
  (left: number, top: number, width: number, height: number): Inside =>
  (x, y) =>
    x >= left && y >= top && x < left + width && y < top + height;

const lungs = drawn(ellipse(36, 60, 20, 40), ellipse(92, 60, 20, 40));
const heart = drawn(ellipse(70, 84, 24, 24));
const nothing = drawn();

/** The kinds that are found for a label, compared in turn with eight slightly warped true masks. */
function kinds(spoil: (random: Random) => Mask, truth = lungs, other = heart): string[] {
  return Array.from({ length: 8 }, (_, seed) => {
    const random = new Random('kind test', seed);
    const proposal = warped(truth, 0.1, random);
    return kindOf(spoil(random), proposal, [warped(other, 0.1, random)]);
  });
}
const mostly = (found: readonly string[], kind: string): void => {
  expect(found.filter((own) => own === kind).length, found.join(', ')).toBeGreaterThanOrEqual(6);
};

describe('the kind of error', () => {
  it('is none for a label that agrees', () => {
    mostly(
      kinds(() => lungs),
      'none',
    );
    expect(kindOf(lungs, lungs, [heart])).toBe('none');
    expect(kindOf(nothing, nothing, [heart])).toBe('none');
  });

  it('is omitted for an empty label, and invented where the model sees nothing', () => {
    expect(kindOf(nothing, lungs, [heart])).toBe('omitted');
    expect(kindOf(lungs, nothing, [heart])).toBe('invented');
  });

  const damages: [string, string, (random: Random) => Mask][] = [
    ['too small', 'too-small', () => eroded(lungs, 0.5)],
    ['too large', 'too-large', () => dilated(lungs, 0.4)],
    ['shifted', 'shifted', (random) => shifted(lungs, 0.6, random)],
    ['without a part', 'part-missing', (random) => missingPart(lungs, 0.3, random)],
    ['without a side', 'side-missing', (random) => oneSided(lungs, random)],
    ['ragged', 'ragged', (random) => ragged(lungs, 0.8, random)],
    ['swapped', 'swapped', () => heart],
    [
      'with a leak',
      'leaked',
      () => drawn(ellipse(36, 60, 20, 40), ellipse(92, 60, 20, 40), box(96, 70, 30, 50)),
    ],
    [
      "another patient's",
      'other-patient',
      () => drawn(ellipse(34, 52, 25, 36), ellipse(92, 54, 24, 37)),
    ],
  ];
  it.each(damages)('is seen of a label that is %s', (_, kind, spoil) => {
    mostly(kinds(spoil), kind);
  });

  it('is seen of a structure with a single component, too', () => {
    mostly(
      kinds(() => eroded(heart, 0.6), heart, lungs),
      'too-small',
    );
    mostly(
      kinds((random) => oneSided(heart, random), heart, lungs),
      'side-missing',
    );
    mostly(
      kinds((random) => shifted(heart, 0.7, random), heart, lungs),
      'shifted',
    );
  });
});

describe('the place of a difference', () => {
  it('is its largest component, in shares of the image', () => {
    const label = drawn(box(0, 0, 64, 32), box(96, 96, 8, 8));
    const proposal = drawn(box(0, 0, 64, 64), box(120, 0, 4, 4));
    expect(placeOf(label, proposal)).toEqual({
      ...{ x: 0.25, y: 0.375 },
      ...{ left: 0, top: 0.25, width: 0.5, height: 0.25 },
    });
  });

  it('is what the model sees of an omitted label, and what is drawn of an invented one', () => {
    const lesion = drawn(box(16, 32, 8, 16), box(100, 100, 2, 2));
    const place = {
      x: 20 / 128,
      y: 40 / 128,
      left: 0.125,
      top: 0.25,
      width: 0.0625,
      height: 0.125,
    };
    expect(placeOf(nothing, lesion)).toEqual(place);
    expect(placeOf(lesion, nothing)).toEqual(place);
  });

  it('is null if there is no difference', () => {
    expect(placeOf(lungs, lungs)).toBeNull();
    expect(placeOf(nothing, nothing)).toBeNull();
  });
});
