import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { CaseDetail } from '../../../../audit/contract/api.ts';
import { Inspector } from '../../../../renderer/review/inspector/inspector.svelte.ts';
import Why from '../../../../renderer/review/inspector/Why.svelte';
import { client } from '../../../../renderer/shared/api.ts';
import { session } from '../../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../../mounted/index.ts';
import { serve } from '../../mounted/server.ts';
import { detailOf, insightsOf, rankedOf, rowOf } from '../cases.ts';

const card = page.getByRole('region', { name: 'Quality' });
const pictures = (): string[] =>
  [...document.querySelectorAll('img')].map((image) => image.getAttribute('src') ?? '');

async function mountWhy(detail: CaseDetail = detailOf(rowOf(3)), pictured = false) {
  session.project = projectOf();
  serve({ 'GET /api/insights': () => insightsOf() });
  const inspector = new Inspector(client);
  await inspector.compareWith(null);
  const onlook = vi.fn();
  const change = await mount(Why, { detail, inspector, pictured, structure: null, onlook });
  return { onlook, change };
}

it('says the rank of the case, the reasons, and where its score lies among all scores', async () => {
  await mountWhy();
  await expect.element(card).toHaveTextContent(/0\.63\s*expected dice with the truth/);
  await expect.element(card).toHaveTextContent(/rank 3\s*of 30 cases, better than 7 %/);
  await expect.element(page.getByText(/is larger than usual\.$/)).toBeVisible();
  const chart = page.getByRole('img', { name: /^Histogram of the expected dice, 30/ });
  await expect.element(chart).toHaveAccessibleName(/this one is 0\.63$/);
});

it('says the same of one label, chosen with the arrows', async () => {
  await mountWhy(detailOf(rowOf(5)));
  await page.getByRole('radio', { name: 'Case' }).click();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('radio', { name: 'Lung' })).toBeChecked();
  await expect.element(card).toHaveTextContent(/0\.95\s*expected dice with the truth/);
  await expect.element(page.getByText(/^Nothing stands out/)).toBeVisible();
});

it('contradicts no low score where no single reason stands out', async () => {
  const detail = detailOf(rowOf(3));
  const labels = detail.labels.map((label) => ({ ...label, words: [] }));
  await mountWhy({ ...detail, labels });
  await expect.element(page.getByText(/^No single reason stands out/)).toBeVisible();
  await expect.element(page.getByText(/^Nothing stands out/)).not.toBeInTheDocument();
});

it('shows the interval of a label', async () => {
  const detail = detailOf(rowOf(3));
  const expected = { dice: 0.63, low: 0.55, high: 0.7 };
  const labels = detail.labels.map((label) => ({
    ...label,
    reasons: label.reasons && { ...label.reasons, expected },
  }));
  const { change } = await mountWhy({ ...detail, labels });
  await expect.element(card).not.toHaveTextContent('0.55 – 0.70');
  await change({ structure: 'heart' });
  await expect.element(card).toHaveTextContent('0.55 – 0.70');
});

it('says which number stands in where the model has no calibration', async () => {
  const ranked = rankedOf({ number: 'agreement' });
  await mountWhy(detailOf(rowOf(3, { number: 'agreement' }), { ranked }));
  await expect.element(card).toHaveTextContent(/0\.63\s*agreement with the model/);
  await expect.element(page.getByText(/^These networks have no calibration/)).toBeVisible();
});

it('says that a case was never ranked', async () => {
  const unknown = { rank: null, score: null, number: null, percentile: null, previousRank: null };
  await mountWhy(detailOf(rowOf(3), { ranks: unknown }));
  await expect.element(page.getByText(/^Not ranked\. Nobody had drawn it/)).toBeVisible();
});

it('shows pictures only when asked to, and looks at the label that is clicked', async () => {
  const { onlook, change } = await mountWhy();
  expect(pictures()).toEqual([]);
  await change({ pictured: true });
  await expect.poll(pictures).toHaveLength(2);
  expect(pictures()[0]).toMatch(/^\/api\/cases\/c3\/picture\?.*structure=lung.*proposal=true/);
  await page.getByRole('button', { name: /Heart/ }).click();
  expect(onlook).toHaveBeenCalledExactlyOnceWith('heart');
});
