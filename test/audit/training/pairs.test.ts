/** How many pairs of networks a training gets. */
import { afterEach, expect, it } from 'vitest';
import { pairsFor } from '../../../audit/training/pairs.ts';
import { makePlace, rectangle } from '../scoring/fixture.ts';
import type { Place } from '../scoring/fixture.ts';

let place: Place;
afterEach(() => place.remove());

/** Makes ten cases: in the first `drawn` a heart is drawn, in the next `empty` its mask is empty. */
async function withHearts(drawn: number, empty: number): Promise<void> {
  const none = rectangle(0, 0, 0, 0);
  place = await makePlace(10, (i) => (i < drawn ? {} : { heart: i < drawn + empty ? none : null }));
}

it('is one where every image shows every structure, or nobody looked at the rest', async () => {
  await withHearts(3, 0);
  expect(pairsFor(place.project, true)).toBe(1);
});

it('is two where most images lack a structure, but one without a QAM', async () => {
  await withHearts(4, 6);
  expect(pairsFor(place.project, true)).toBe(2);
  expect(pairsFor(place.project, false)).toBe(1);
});

it('does not count excluded labels', async () => {
  await withHearts(4, 6);
  for (const id of ['c0006', 'c0007', 'c0008', 'c0009']) {
    place.project.setVerdict(id, 'heart', 'excluded', { author: 'me' });
  }
  expect(pairsFor(place.project, true)).toBe(1);
});

it('is one where nothing is drawn at all: there is nothing to learn', async () => {
  await withHearts(0, 10);
  expect(pairsFor(place.project, true)).toBe(1);
});
