import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import QueueFilters from '../../../../renderer/review/queue/QueueFilters.svelte';
import { notices } from '../../../../renderer/shared/notices.svelte.ts';
import { mount } from '../../mounted/index.ts';
import { refusal } from '../../mounted/server.ts';
import { openReview, rowsOf } from '../cases.ts';

const button = (name: RegExp) => page.getByRole('button', { name });
const choice = (name: RegExp | string) => page.getByRole('menuitemcheckbox', { name });

it('orders the queue, and says how it is ordered', async () => {
  const { review, server } = await openReview();
  await mount(QueueFilters, { review });
  await button(/^Order: Worst first/).click();
  await expect.element(choice('Worst first').first()).toHaveAttribute('aria-checked', 'true');
  await choice('Best first').click();
  await expect.element(button(/^Order: Best first/)).toBeVisible();
  expect(server.asked('GET /api/cases').at(-1)?.query).toMatchObject({
    sort: 'rank',
    order: 'descending',
  });
});

it('shows only the rows with a chosen verdict, by menu and by key', async () => {
  const { review, server } = await openReview();
  await mount(QueueFilters, { review });
  await button(/^Filter: Verdict/).click();
  await choice('Flagged').click();
  await expect.element(button(/^Verdict: Flagged/)).toBeVisible();
  expect(server.asked('GET /api/cases').at(-1)?.query).toMatchObject({ verdict: 'flagged' });
  await userEvent.keyboard('u');
  await expect.element(button(/^Verdict: Unreviewed/)).toBeVisible();
  await userEvent.keyboard('u');
  await expect.element(button(/^Filter: Verdict/)).toBeVisible();
});

it('shows only the rows of a chosen structure', async () => {
  const { review, server } = await openReview();
  await mount(QueueFilters, { review });
  await button(/^Filter: Structure/).click();
  await choice('Heart').click();
  await expect.element(button(/^Structure: Heart/)).toBeVisible();
  expect(server.asked('GET /api/cases').at(-1)?.query).toMatchObject({ structure: 'heart' });
});

it('shows only the rows whose worst label seems to have a chosen kind of error', async () => {
  const { review, server } = await openReview();
  await mount(QueueFilters, { review });
  await button(/^Filter: Error/).click();
  await choice('Omitted').click();
  await expect.element(button(/^Error: Omitted/)).toBeVisible();
  expect(server.asked('GET /api/cases').at(-1)?.query).toMatchObject({ kind: 'omitted' });
  await button(/^Error: Omitted/).click();
  await choice('Any error').click();
  await expect.element(button(/^Filter: Error/)).toBeVisible();
  expect(server.asked('GET /api/cases').at(-1)?.query).not.toHaveProperty('kind');
});

it('lists labels instead of cases, and keeps the label on the stage', async () => {
  const { review } = await openReview();
  await review.go(4);
  await mount(QueueFilters, { review });
  await page.getByRole('radio', { name: 'Labels' }).click();
  await expect.poll(() => review.row).toMatchObject({ case: 'c5', structure: 'heart' });
  await userEvent.keyboard('{ArrowLeft}');
  await expect.poll(() => review.row).toMatchObject({ case: 'c5', structure: null });
});

it('switches blind checks on for every project, or says why it could not', async () => {
  const { review, server } = await openReview();
  await mount(QueueFilters, { review });
  await button(/^Order/).click();
  await choice(/^Blind checks/).click();
  await expect.poll(() => server.sent('PATCH /api/settings')).toEqual([{ blindChecks: true }]);
  expect(server.asked('GET /api/cases').at(-1)?.query).toMatchObject({ blind: 'true' });
  server.answer({ 'PATCH /api/settings': () => refusal(500, 'The settings are locked.') });
  await button(/^Order/).click();
  await choice(/^Blind checks/).click();
  await expect.poll(() => notices.list.at(-1)?.text).toBe('The settings are locked.');
});

it('offers a filter for a column only if the dataset has several values in it', async () => {
  const values = ['Ada', 'Grace'].map((value) => ({ value, cases: 15 }));
  const routes = {
    'GET /api/columns/annotator': () => ({ column: 'annotator', total: 2, without: 0, values }),
    'GET /api/columns/:column': () => ({ column: 'split', total: 0, without: 30, values: [] }),
  };
  const { review, server } = await openReview(rowsOf(30));
  server.answer(routes);
  await mount(QueueFilters, { review });
  await expect.element(button(/^Filter: Annotator/)).toBeVisible();
  await expect.element(button(/^Filter: Split/)).not.toBeInTheDocument();
});
