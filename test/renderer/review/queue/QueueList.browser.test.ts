import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import QueueList from '../../../../renderer/review/queue/QueueList.svelte';
import { mount } from '../../mounted/index.ts';
import { openReview, rowOf, rowsOf } from '../cases.ts';

const list = page.getByRole('listbox', { name: /^Queue/ });
const option = (id: string) => list.getByRole('option', { name: new RegExp(`\\b${id}\\b`) });
const selected = (): (string | null)[] =>
  [...document.querySelectorAll('[role=option][aria-selected=true]')]
    .map((element) => element.getAttribute('aria-posinset'))
    .sort();

/** Mounts the list with a height of about seven rows. */
async function mountList(count = 30) {
  const opened = await openReview(rowsOf(count));
  await mount(QueueList, { review: opened.review });
  const element = list.element() as HTMLElement;
  element.style.height = '460px';
  await expect.element(option('c1')).toBeVisible();
  return opened;
}

it('puts the row that is clicked on the stage', async () => {
  const { review, casework } = await mountList();
  await expect.element(option('c1')).toHaveAttribute('aria-current', 'true');
  await option('c3').click();
  await expect.element(option('c3')).toHaveAttribute('aria-current', 'true');
  await expect.element(list).toHaveAttribute('aria-activedescendant', 'queue-row-2');
  expect(review.row?.case).toBe('c3');
  await expect.poll(() => casework.opened.detail?.case.id).toBe('c3');
});

it('goes down and up with the keys, and keeps the row in view', async () => {
  const { review } = await mountList();
  await userEvent.keyboard('jj{ArrowDown}k');
  expect(review.row?.case).toBe('c3');
  await userEvent.keyboard('{End}');
  await expect.element(option('c30')).toBeInViewport();
  await expect.element(option('c1')).not.toBeInTheDocument();
  await userEvent.keyboard('{Home}');
  await expect.element(option('c1')).toBeInViewport();
});

it('selects rows one by one with Control, and up to a row with Shift', async () => {
  await mountList();
  await option('c2').click({ modifiers: ['Control'] });
  await option('c4').click({ modifiers: ['Control'] });
  expect(selected()).toEqual(['2', '4']);
  await option('c6').click({ modifiers: ['Shift'] });
  await expect.poll(selected).toEqual(['2', '4', '5', '6']);
  await option('c2').click({ modifiers: ['Control'] });
  expect(selected()).toEqual(['4', '5', '6']);
  await userEvent.keyboard('{Escape}');
  await expect.poll(selected).toEqual(['1']);
});

it('extends the selection with Shift and the arrows', async () => {
  const { review } = await mountList();
  await userEvent.keyboard('{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  await expect.poll(selected).toEqual(['1', '2', '3']);
  expect(review.queue.selected.size).toBe(3);
});

it('renders only the rows in view, and loads others when they come into view', async () => {
  const { server } = await mountList(2500);
  expect(list.getByRole('option').elements().length).toBeLessThan(20);
  await expect.element(option('c1')).toHaveAttribute('aria-setsize', '2500');
  const element = list.element() as HTMLElement;
  await expect
    .poll(() => {
      // Scrolls at each try, because the list goes back to the row on the stage when its height
      // changes.
      element.scrollTop = 66 * 2000;
      return element.textContent;
    })
    .toContain('c2001');
  const offsets = server.asked('GET /api/cases').map(({ query }) => query['offset']);
  expect(offsets).toContain('2000');
  expect(offsets).not.toContain('1000');
});

it('shows places in the list while the queue mixes in blind checks, and otherwise ranks', async () => {
  const unknown = { blind: true, rank: null, score: null, percentile: null };
  const rows = [rowOf(1), rowOf(5, unknown), rowOf(2)];
  const { review } = await openReview(rows, { blind: true });
  await mount(QueueList, { review });
  (list.element() as HTMLElement).style.height = '460px';
  await expect.element(option('c2')).toHaveTextContent(/^3\s/);
  await review.filter({ blind: false });
  await expect.element(option('c2')).toHaveTextContent(/^2\s/);
});
