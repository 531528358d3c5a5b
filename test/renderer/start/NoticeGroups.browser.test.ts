import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import NoticeGroups from '../../../renderer/start/NoticeGroups.svelte';
import { mount } from '../mounted/index.ts';

it('says that everything matches', async () => {
  await mount(NoticeGroups, { groups: [], root: '/data' });
  await expect.element(page.getByText('Everything matches')).toBeVisible();
});

it('shows a reason once, and its files when it is opened', async () => {
  const files = Array.from({ length: 250 }, (_, index) => `/data/images/c${index}.png`);
  const groups = [{ kind: 'left-out' as const, reason: 'has no mask', files }];
  await mount(NoticeGroups, { groups, root: '/data' });
  const file = page.getByText('images/c0.png');
  await expect.element(file).not.toBeVisible();
  await page.getByText('250 files, each').click();
  await expect.element(file).toBeVisible();
  await expect.element(page.getByText('and 50 files more')).toBeVisible();
  await expect.element(page.getByText('images/c200.png')).not.toBeInTheDocument();
});
