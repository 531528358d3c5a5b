/** What a person and a screen reader learn of the keys of the review: from its buttons, menus and tooltips. */
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import LayerBar from '../../../renderer/review/bars/LayerBar.svelte';
import QueueFilters from '../../../renderer/review/queue/QueueFilters.svelte';
import ReviewScreen from '../../../renderer/review/Review.svelte';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount } from '../mounted/index.ts';
import { openReview } from './cases.ts';

const keys = (element: Element): string | null => element.getAttribute('aria-keyshortcuts');

it('says the key of every tool and verdict, as the person has set it', async () => {
  await openReview();
  await mount(ReviewScreen, {});
  const brush = page.getByRole('button', { name: 'Brush', exact: true });
  await expect.element(brush).toBeVisible();
  expect(keys(brush.element())).toBe('B');
  const accept = page.getByRole('button', { name: /^Accept/ });
  expect(keys(accept.element())).toBe('A');
  const own = { 'tool.brush': 'Shift+P', 'verdict.accepted': '' };
  session.settings = {
    ...{ theme: 'dark' as const, reviewer: null, backend: null, blindChecks: true },
    clickModel: null,
    keys: own,
  };
  await expect.poll(() => keys(brush.element())).toBe('Shift+P');
  expect(keys(accept.element())).toBe(null);
  await brush.hover();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent(/Brush\s*Shift\+P/);
});

it('shows the keys of switches that hide a structure, and of a filter, where they are', async () => {
  const { review, casework } = await openReview();
  await mount(LayerBar, { casework });
  await mount(QueueFilters, { review });
  const hide = page.getByRole('button', { name: 'Hide the lung' });
  await hide.hover();
  await expect.element(page.getByRole('tooltip')).toHaveTextContent(/Alt\+1/);
  await page.getByRole('button', { name: /^Filter: Verdict/ }).click();
  const open = page.getByRole('menuitemcheckbox', { name: /^Unreviewed/ });
  await expect.element(open).toHaveTextContent(/U$/);
  expect(keys(open.element())).toBe('U');
  await userEvent.keyboard('{Escape}');
});
