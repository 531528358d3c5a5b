import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import TaskProgress from '../../../renderer/shared/TaskProgress.svelte';
import { mount, taskOf } from '../mounted/index.ts';

const bar = page.getByRole('progressbar', { name: 'Export of chest' });

it('says what is done, how far it is and what is left', async () => {
  const change = await mount(TaskProgress, { task: taskOf() });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '50');
  await expect.element(page.getByText('Writing c2')).toBeVisible();
  await expect.element(page.getByText('50 % · about 30 s left')).toBeVisible();
  await change({ task: taskOf({ progress: null }) });
  await expect.element(page.getByText('Starting …')).toBeVisible();
  await expect.element(bar).not.toHaveAttribute('aria-valuenow');
  await expect.element(page.getByRole('button')).not.toBeInTheDocument();
});

it('cancels once, and says that it stops', async () => {
  const cancel = vi.spyOn(client, 'cancelTask').mockResolvedValue(taskOf());
  await mount(TaskProgress, { task: taskOf(), cancel: 'Cancel' });
  const button = page.getByRole('button', { name: 'Cancel' });
  await button.click();
  await expect.element(page.getByText('Stopping …')).toBeVisible();
  await expect.element(button).toBeDisabled();
  expect(cancel).toHaveBeenCalledExactlyOnceWith('t1');
});

it('can be cancelled again where that failed, and says why', async () => {
  vi.spyOn(client, 'cancelTask').mockRejectedValue(new Error('It has ended.'));
  await mount(TaskProgress, { task: taskOf(), cancel: 'Cancel' });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['It has ended.']);
  await expect.element(page.getByRole('button', { name: 'Cancel' })).toBeEnabled();
});
