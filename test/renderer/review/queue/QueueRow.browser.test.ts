import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import QueueRow from '../../../../renderer/review/queue/QueueRow.svelte';
import { mount } from '../../mounted/index.ts';
import { rowOf } from '../cases.ts';

const props = { current: false, selected: false, place: null, pictured: true, wide: false };
const picture = (): Element | null => document.querySelector('img[src^="/api/cases/"]');

it('shows rank, name and score, and how it compares with the others', async () => {
  await mount(QueueRow, { ...props, row: rowOf(4) });
  const row = page.getByText('c4').element().closest('.grid');
  expect(row?.textContent?.replace(/\s+/g, ' ').trim()).toMatch(/^4 c4 −1\.20/);
  await expect.element(page.getByTitle('better than 10 %')).toBeVisible();
});

it('shows the expected dice with its interval where the model was calibrated', async () => {
  const expected = { dice: 0.71, low: 0.66, high: 0.76 };
  await mount(QueueRow, { ...props, row: rowOf(4, { expected }) });
  await expect.element(page.getByText('0.71')).toBeVisible();
  await expect.element(page.getByTitle(/0\.66 – 0\.76/)).toBeVisible();
});

it('tells nothing of the ranking in a blind check', async () => {
  const unknown = { rank: null, score: null, percentile: null, worst: null };
  await mount(QueueRow, { ...props, place: 7, row: rowOf(4, { blind: true, ...unknown }) });
  await expect.element(page.getByText('blind check')).toBeVisible();
  await expect.element(page.getByText('7', { exact: true })).toBeVisible();
  await expect.element(page.getByText('not ranked')).not.toBeInTheDocument();
});

it('says that a case is not ranked, or was changed since it was scored', async () => {
  const unknown = { rank: null, score: null, percentile: null };
  const change = await mount(QueueRow, { ...props, row: rowOf(4, unknown) });
  await expect.element(page.getByText('not ranked')).toBeVisible();
  await expect.element(page.getByText('–')).toBeVisible();
  await change({ row: rowOf(4, { stale: true }) });
  await expect.element(page.getByTitle('Changed since it was scored')).toBeVisible();
});

it('counts the labels with a verdict until the case has one', async () => {
  const [lung, heart] = rowOf(1).labels;
  const labels = [{ ...lung, verdict: 'accepted' as const }, heart];
  const change = await mount(QueueRow, { ...props, row: rowOf(1, { labels }) });
  await expect.element(page.getByText('1/2')).toBeVisible();
  await change({ row: rowOf(1, { labels, verdict: 'accepted' }) });
  await expect.element(page.getByText('1/2')).not.toBeInTheDocument();
  await expect.element(page.getByText(/accepted/i)).toBeVisible();
});

it('loads no other picture while the list scrolls fast', async () => {
  const change = await mount(QueueRow, { ...props, row: rowOf(1) });
  expect(picture()?.getAttribute('src')).toMatch(/^\/api\/cases\/c1\/picture\?/);
  await change({ row: rowOf(2), pictured: false });
  await expect.element(page.getByText('c2')).toBeVisible();
  expect(picture()).toBeNull();
  await change({ row: rowOf(2), pictured: true });
  await expect.poll(() => picture()?.getAttribute('src')).toMatch(/^\/api\/cases\/c2\/picture\?/);
});
