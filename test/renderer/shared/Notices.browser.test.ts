import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import Notices from '../../../renderer/shared/Notices.svelte';
import { mount } from '../mounted/index.ts';

it('shows an error as an alert until it is closed', async () => {
  await mount(Notices, {});
  notices.error('The disk is full.');
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('The disk is full.');
  await alert.getByRole('button', { name: 'Close this message' }).click();
  await expect.element(alert).not.toBeInTheDocument();
});

it('runs the action that a notice offers, and removes the notice', async () => {
  await mount(Notices, {});
  const run = vi.fn();
  notices.show({ kind: 'info', text: 'Excluded.', action: { label: 'Undo', run } });
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  expect(run).toHaveBeenCalledOnce();
  await expect.element(page.getByText('Excluded.')).not.toBeInTheDocument();
});

it('shows the same sentence once, and four notices at most', async () => {
  await mount(Notices, {});
  for (const text of ['one', 'two', 'three', 'one', 'four', 'five']) notices.error(text);
  await expect.element(page.getByRole('alert').nth(3)).toBeVisible();
  const shown = page
    .getByRole('alert')
    .elements()
    .map((each) => each.textContent?.trim());
  expect(shown).toEqual(['three', 'one', 'four', 'five']);
});
