import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import QueuePanel from '../../../../renderer/review/queue/QueuePanel.svelte';
import { mount } from '../../mounted/index.ts';
import { refusal } from '../../mounted/server.ts';
import { openReview, rankedOf, rowOf, rowsOf } from '../cases.ts';

const field = page.getByRole('textbox', { name: /^Search/ });
const button = (name: RegExp) => page.getByRole('button', { name });

it('searches by name a moment after the last key, and shows all cases when the search is cleared', async () => {
  const { review, server } = await openReview();
  await mount(QueuePanel, { review });
  await expect.element(page.getByText('30 cases')).toBeVisible();
  await userEvent.keyboard('/');
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('c12');
  await expect.element(page.getByText('1 case', { exact: true })).toBeVisible();
  const searched = server.asked('GET /api/cases').map(({ query }) => query['search'] ?? '');
  expect(searched).not.toContain('c');
  await button(/^Clear the search/).click();
  await expect.element(page.getByText('30 cases')).toBeVisible();
  await expect.element(field).toHaveValue('');
});

it('says in brief what must be known of the ranking, and all of it on a click', async () => {
  const ranked = rankedOf({ unlearned: [{ structure: 'heart', why: 'only 4 are drawn' }] });
  const only = {
    offset: 0,
    total: 1,
    entries: [rowOf(1)],
    model: 'run 1',
    snapshot: 's',
    found: 0,
  };
  const routes = { 'GET /api/cases': () => ({ ...only, ranked }) };
  const { review } = await openReview(rowsOf(1), { routes });
  await mount(QueuePanel, { review });
  const sentence = page.getByText(/^The labels of the heart are not ranked/);
  await expect.element(sentence).not.toBeVisible();
  await page.getByText('Not learned: heart').click();
  await expect.element(sentence).toBeVisible();
});

it('puts the first match on the stage with Enter, and gives the keys back', async () => {
  const { review } = await openReview();
  await mount(QueuePanel, { review });
  await field.fill('c2');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => review.row?.case).toBe('c2');
  await expect.element(field).not.toHaveFocus();
  await userEvent.keyboard('j');
  await expect.poll(() => review.row?.case).toBe('c20');
});

it('empties the search with Escape, and leaves the field with a second Escape', async () => {
  const { review } = await openReview();
  await mount(QueuePanel, { review });
  await field.fill('c2');
  await expect.element(page.getByText('11 cases')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(field).toHaveValue('');
  await expect.element(page.getByText('30 cases')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(field).not.toHaveFocus();
});

it('says that nothing matches, and takes all filters away but not the order', async () => {
  const { review } = await openReview();
  await review.filter({ sort: 'name' });
  await mount(QueuePanel, { review });
  await field.fill('nobody');
  await expect.element(page.getByText('Nothing matches')).toBeVisible();
  await button(/^Clear the filters/).click();
  await expect.element(page.getByText('30 cases')).toBeVisible();
  await expect.element(field).toHaveValue('');
  expect(review.queue.filter).toMatchObject({ search: '', sort: 'name' });
});

it('keeps blind checks in the queue when all filters are taken away', async () => {
  const { review } = await openReview(rowsOf(30), { blind: true });
  await mount(QueuePanel, { review });
  await field.fill('nobody');
  await button(/^Clear the filters/).click();
  await expect.element(page.getByText('30 cases')).toBeVisible();
  expect(review.queue.filter.blind).toBe(true);
});

it('says why the queue could not be loaded, and tries again', async () => {
  const routes = { 'GET /api/cases': () => refusal(500, 'The disk does not answer.') };
  const { review, server } = await openReview(rowsOf(3), { routes });
  await mount(QueuePanel, { review });
  await expect.element(page.getByText('The disk does not answer.')).toBeVisible();
  const empty = {
    offset: 0,
    total: 0,
    entries: [],
    model: null,
    ranked: null,
    snapshot: 's',
    found: null,
  };
  server.answer({ 'GET /api/cases': () => empty });
  await button(/^Try again/).click();
  await expect.element(page.getByText('No cases', { exact: true })).toBeVisible();
});

it('says how many rows no longer match, and that there is a new ranking, until a refresh', async () => {
  const { review } = await openReview();
  await review.filter({ verdict: 'none' });
  await mount(QueuePanel, { review });
  await userEvent.keyboard('a');
  await expect.element(button(/^1 row no longer matches/)).toBeVisible();
  await userEvent.keyboard('a');
  await review.judge.settled();
  await button(/^2 rows no longer match/).click();
  await expect.element(page.getByText('28 cases')).toBeVisible();
  await expect.element(button(/refresh/)).not.toBeInTheDocument();
  review.follow({ type: 'changed', what: 'scores', cases: null });
  await button(/^The ranking changed/).click();
  await expect.element(button(/refresh/)).not.toBeInTheDocument();
});
