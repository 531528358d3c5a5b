import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { session } from '../../../renderer/shared/session.svelte.ts';
import LiveBar from '../../../renderer/train/LiveBar.svelte';
import RunList from '../../../renderer/train/RunList.svelte';
import RunNotes from '../../../renderer/train/RunNotes.svelte';
import { mount, projectOf, taskOf } from '../mounted/index.ts';
import { runOf, runsOf } from './runs.ts';

const live = { task: 't1', paused: false, trains: true, fold: null, messages: [] };

it('shows the run that is clicked; before that the newest', async () => {
  const runs = runsOf([runOf('a'), runOf('b')]);
  await mount(RunList, { runs });
  const button = (name: RegExp) => page.getByRole('button', { name });
  await expect.element(button(/^Run 2/)).toHaveAttribute('aria-pressed', 'true');
  await button(/^Run 1/).click();
  await expect.element(button(/^Run 1/)).toHaveAttribute('aria-pressed', 'true');
  expect(runs.selected?.id).toBe('a');
});

it('pauses and cancels the training that runs', async () => {
  const runs = runsOf([runOf('a', { status: 'running', live })]);
  const [pause, cancel] = [
    vi.spyOn(runs, 'togglePause').mockResolvedValue(),
    vi.spyOn(runs, 'cancel').mockResolvedValue(),
  ];
  const change = await mount(LiveBar, { runs, run: runs.live, task: taskOf({ kind: 'train' }) });
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect([pause.mock.calls.length, cancel.mock.calls.length]).toEqual([1, 1]);
  await change({ run: runOf('a', { status: 'running', live: { ...live, paused: true } }) });
  await expect.element(page.getByRole('button', { name: 'Resume' })).toBeEnabled();
  await change({ run: runOf('a', { status: 'running', live: { ...live, trains: false } }) });
  await expect.element(page.getByRole('button', { name: 'Pause' })).toBeDisabled();
});

it('resumes the newest run that did not end well, and no other', async () => {
  session.project = projectOf();
  const failed = { status: 'failed', error: 'The process ended with code 9.' } as const;
  const runs = runsOf([runOf('a', failed), runOf('b', failed)]);
  const resume = vi.spyOn(runs, 'resume').mockResolvedValue();
  const change = await mount(RunNotes, { runs, run: runOf('b', failed) });
  await expect.element(page.getByRole('alert')).toHaveTextContent(failed.error);
  await page.getByRole('button', { name: 'Resume' }).click();
  expect(resume).toHaveBeenCalledExactlyOnceWith('b');
  await change({ run: runOf('a', failed) });
  await expect.element(page.getByRole('button', { name: 'Resume' })).not.toBeInTheDocument();
});
