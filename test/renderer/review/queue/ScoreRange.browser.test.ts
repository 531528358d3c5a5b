import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import QueueFilters from '../../../../renderer/review/queue/QueueFilters.svelte';
import { notices } from '../../../../renderer/shared/notices.svelte.ts';
import { mount } from '../../mounted/index.ts';
import { refusal } from '../../mounted/server.ts';
import { openReview, rowsOf } from '../cases.ts';

const button = (name: RegExp) => page.getByRole('button', { name });
const from = page.getByRole('textbox', { name: 'From' });
const to = page.getByRole('textbox', { name: 'to', exact: true });

async function mountFilters() {
  const opened = await openReview();
  await mount(QueueFilters, { review: opened.review });
  const asked = (): unknown => opened.server.asked('GET /api/cases').at(-1)?.query;
  return { ...opened, asked };
}

it('takes a range with a hyphen or minus and a point or comma, and shows it', async () => {
  const { asked } = await mountFilters();
  await button(/^Filter: Expected dice/).click();
  await expect
    .element(page.getByRole('img', { name: /^Histogram of the expected dice, 30/ }))
    .toBeVisible();
  await from.fill('−1,5');
  await to.fill('-0.25');
  await userEvent.keyboard('{Enter}');
  await expect.element(button(/^Expected dice: −1\.50 … −0\.25/)).toBeVisible();
  expect(asked()).toMatchObject({ min: '-1.5', max: '-0.25' });
});

it('takes one end alone, shows it again, and goes back to any', async () => {
  const { asked } = await mountFilters();
  await button(/^Filter: Expected dice/).click();
  await expect.element(button(/^Any number/)).toBeDisabled();
  await to.fill('0');
  await button(/^Show$/).click();
  await button(/^Expected dice: ≤ 0\.00/).click();
  await expect.element(to).toHaveValue('0');
  await expect.element(from).toHaveValue('');
  await button(/^Any number/).click();
  await expect.element(button(/^Filter: Expected dice/)).toBeVisible();
  expect(asked()).not.toHaveProperty('max');
});

it('is shown without its histogram if that cannot be loaded', async () => {
  const { server } = await mountFilters();
  server.answer({ 'GET /api/insights': () => refusal(500, 'The scores are damaged.') });
  await button(/^Filter: Expected dice/).click();
  await expect.element(from).toBeVisible();
  await expect.poll(() => notices.list.at(-1)?.text).toBe('The scores are damaged.');
  await expect.element(page.getByRole('img')).not.toBeInTheDocument();
});

it('is not there before anything was ranked', async () => {
  const none = { offset: 0, total: 0, entries: [], model: null, ranked: null, found: null };
  const { review } = await openReview(rowsOf(1), {
    routes: { 'GET /api/cases': () => ({ ...none, snapshot: 's' }) },
  });
  await mount(QueueFilters, { review });
  await expect.element(button(/^Filter: Verdict/)).toBeVisible();
  await expect.element(button(/^Filter: Expected dice/)).not.toBeInTheDocument();
});
