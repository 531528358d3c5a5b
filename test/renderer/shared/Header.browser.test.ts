import { beforeEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import Header from '../../../renderer/shared/Header.svelte';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf, provide, taskOf } from '../mounted/index.ts';

beforeEach(() => {
  const counted = { total: 10, open: 6, found: 2, accepted: 1, fixed: 1, excluded: 1, flagged: 1 };
  vi.spyOn(client, 'insights').mockResolvedValue({ cases: counted, labels: counted } as never);
  vi.spyOn(client, 'left').mockResolvedValue({ left: null });
});

it('shows the screens of an open project alone, and goes to the one that is clicked', async () => {
  await mount(Header, {});
  await expect.element(page.getByRole('navigation')).not.toBeInTheDocument();
  session.project = projectOf();
  route.go('review');
  const tab = (name: string) => page.getByRole('navigation').getByRole('button', { name });
  await expect.element(tab('Review')).toHaveAttribute('aria-current', 'page');
  await tab('Train').click();
  expect(route.view).toBe('train');
  await expect.element(tab('Train')).toHaveAttribute('aria-current', 'page');
});

it('counts what was reviewed and found; a flag is no error', async () => {
  session.project = projectOf();
  await mount(Header, {});
  await expect.element(page.getByText('4 of 10 reviewed · 2 errors found')).toBeVisible();
  const bar = page.getByRole('progressbar', { name: 'Cases reviewed' });
  await expect.element(bar).toHaveAttribute('aria-valuenow', '40');
});

it('tells of a lost connection and of a project that cannot be written', async () => {
  session.project = projectOf({ writable: false, readOnlyBecause: 'Grace has it open.' });
  session.connected = false;
  await mount(Header, {});
  await expect.element(page.getByRole('status')).toHaveTextContent('Connection lost');
  await expect.element(page.getByText('Read only')).toHaveAttribute('title', 'Grace has it open.');
});

it('says of a project from elsewhere that it is only read, and goes to where it is trusted', async () => {
  const insights = vi.fn();
  const stop = provide('go.insights', insights);
  session.project = projectOf({ trusted: false, writable: false, readOnlyBecause: 'Elsewhere.' });
  await mount(Header, {});
  await page.getByRole('button', { name: 'Not trusted: read only' }).click();
  expect(insights).toHaveBeenCalledOnce();
  stop();
});

it('tells of the task that runs, and goes to its screen', async () => {
  const insights = vi.fn();
  const stop = provide('go.insights', insights);
  session.tasks = [taskOf({ state: 'done', title: 'Import' }), taskOf()];
  await mount(Header, {});
  await page.getByRole('button', { name: 'Export of chest · 50 %' }).click();
  expect(insights).toHaveBeenCalledOnce();
  stop();
});
