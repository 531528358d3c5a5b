import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import DemoPanel from '../../../renderer/start/DemoPanel.svelte';
import ImportRun from '../../../renderer/start/ImportRun.svelte';
import { mount, taskOf } from '../mounted/index.ts';

it('shows why an import failed, and tries again or goes back', async () => {
  const [onback, onagain] = [vi.fn(), vi.fn()];
  const task = taskOf({ kind: 'import', state: 'failed', error: 'The disk is full.' });
  await mount(ImportRun, { task, onback, onagain });
  await expect.element(page.getByText('The disk is full.')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  expect(onagain).toHaveBeenCalledOnce();
  await page.getByRole('button', { name: 'Back to the settings' }).click();
  expect(onback).toHaveBeenCalledOnce();
});

it('continues a cancelled import', async () => {
  const onagain = vi.fn();
  const task = taskOf({ kind: 'import', state: 'cancelled' });
  await mount(ImportRun, { task, onback: vi.fn(), onagain });
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(onagain).toHaveBeenCalledOnce();
});

it('says which step the demo is at, and goes on with one that was stopped', async () => {
  const ongo = vi.fn();
  const task = taskOf({ kind: 'demo', state: 'cancelled' });
  await mount(DemoPanel, { task, ongo });
  await expect
    .element(page.getByText('The demo was stopped. Finished steps are kept.'))
    .toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(ongo).toHaveBeenCalledOnce();
});
