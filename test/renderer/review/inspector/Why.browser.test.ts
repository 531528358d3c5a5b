import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { CaseDetail } from '../../../../audit/contract/api.ts';
import { Inspector } from '../../../../renderer/review/inspector/inspector.svelte.ts';
import Why from '../../../../renderer/review/inspector/Why.svelte';
import { client } from '../../../../renderer/shared/api.ts';
import { session } from '../../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../../mounted/index.ts';
import { serve } from '../../mounted/server.ts';
import { detailOf, insightsOf, rowOf } from '../cases.ts';

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
  await expect.element(card).toHaveTextContent(/#\s*3\s*of 30 cases/);
  await expect.element(card).toHaveTextContent('combined score −1.30, better than 7 %');
  await expect.element(page.getByText(/is larger than usual\.$/)).toBeVisible();
  const chart = page.getByRole('img', { name: /^Histogram of 30 scores/ });
  await expect.element(chart).toHaveAccessibleName(/this one is −1\.30$/);
});

it('says the same of one label, chosen with the arrows', async () => {
  await mountWhy();
  await page.getByRole('radio', { name: 'Case' }).click();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByRole('radio', { name: 'Lung' })).toBeChecked();
  await expect.element(card).toHaveTextContent('combined score −0.30');
  await expect.element(page.getByText(/^Nothing stands out/)).toBeVisible();
});

it('shows the expected dice of the worst label where the model was calibrated', async () => {
  const detail = detailOf(rowOf(3));
  const labels = detail.labels.map((label, i) => ({
    ...label,
    reasons: label.reasons && {
      ...label.reasons,
      expected: { dice: 0.9 - i / 10, low: 0.7, high: 0.95 },
    },
  }));
  await mountWhy({ ...detail, labels });
  await expect.element(card).toHaveTextContent(/0\.80\s*expected dice of the heart/);
  await expect.element(card).toHaveTextContent('0.70 – 0.95');
});

it('says that a case was never ranked', async () => {
  const unknown = { rank: null, score: null, percentile: null, previousRank: null };
  await mountWhy(detailOf(rowOf(3), { ranks: unknown }));
  await expect.element(page.getByText(/^Not ranked/)).toBeVisible();
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
