import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import Histogram from '../../../renderer/review/Histogram.svelte';
import { mount } from '../mounted/index.ts';
import { histogram } from './cases.ts';

const chart = page.getByRole('img', { name: /^Histogram/ });
const bars = (): Element[] => [...document.querySelectorAll('svg rect')];
const heightOf = (bar: Element): number => Number(bar.getAttribute('height'));
const marker = (): number =>
  Number(document.querySelector('svg line:last-of-type')?.getAttribute('x1'));

it('says in words what it shows, and where the one value lies', async () => {
  const change = await mount(Histogram, { histogram, number: 'learned', marker: 1 });
  await expect
    .element(chart)
    .toHaveAccessibleName(
      'Histogram of the learned score, 30 in all, from −2.00 to 2.00; this one is 1.00',
    );
  expect(marker()).toBeCloseTo(0.75 * 308);
  await change({ marker: null });
  await expect
    .element(chart)
    .toHaveAccessibleName('Histogram of the learned score, 30 in all, from −2.00 to 2.00');
});

it('draws a bar for each bin that is not empty, a higher one for more', async () => {
  await mount(Histogram, {
    histogram: { ...histogram, counts: [1, 0, 9, 16] },
    number: 'learned',
    marker: null,
  });
  await expect.element(chart).toBeVisible();
  expect(bars()).toHaveLength(3);
  const heights = bars().map(heightOf);
  expect(heights).toEqual(heights.toSorted((a, b) => a - b));
});

it('makes the bars outside of a range pale', async () => {
  await mount(Histogram, { histogram, number: 'learned', marker: null, low: -1, high: 1 });
  await expect.element(chart).toBeVisible();
  // Bins that only touch an end of the range count as inside, so no bar is pale.
  expect(bars().map((bar) => bar.getAttribute('opacity'))).toEqual([
    '0.85',
    '0.85',
    '0.85',
    '0.85',
  ]);
});

it('makes the bars below a lowest score pale', async () => {
  await mount(Histogram, { histogram, number: 'learned', marker: null, low: 0.5 });
  await expect.element(chart).toBeVisible();
  expect(bars().map((bar) => bar.getAttribute('opacity'))).toEqual(['0.2', '0.2', '0.85', '0.85']);
});
