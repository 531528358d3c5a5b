import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { session } from '../../../renderer/shared/session.svelte.ts';
import RunNotes from '../../../renderer/train/RunNotes.svelte';
import { mount, projectOf, taskOf } from '../mounted/index.ts';
import { serve } from '../mounted/server.ts';
import { runOf, runsOf } from './runs.ts';

const resume = page.getByRole('button', { name: 'Resume' });

it('says why the newest training ended, and resumes it', async () => {
  session.project = projectOf();
  const run = runOf('b', { status: 'failed', error: 'The disk is full.' });
  const runs = runsOf([runOf('a'), run]);
  const { outlook } = runs;
  const server = serve({
    'POST /api/runs/b/resume': () => taskOf({ kind: 'train' }),
    'GET /api/runs': () => ({ runs: [runOf('a'), run] }),
    'GET /api/outlook': () => outlook,
  });
  await mount(RunNotes, { runs, run });
  await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
  await resume.click();
  await expect.poll(() => server.asked('POST /api/runs/b/resume')).toHaveLength(1);
});

it('resumes neither an older training nor one of a project that cannot be written', async () => {
  session.project = projectOf();
  const older = runOf('a', { status: 'cancelled' });
  const newest = runOf('b', { status: 'interrupted' });
  const runs = runsOf([older, newest]);
  const change = await mount(RunNotes, { runs, run: older });
  await expect.element(page.getByRole('alert')).toHaveTextContent(/^This training was cancelled/);
  await expect.element(resume).not.toBeInTheDocument();
  await change({ run: newest });
  await expect.element(resume).toBeVisible();
  session.project = projectOf({ writable: false });
  await expect.element(resume).not.toBeInTheDocument();
});

it('passes the notices of a running training on', async () => {
  const messages = [{ type: 'notice' as const, message: 'The GPU fails: the CPU computes.' }];
  const live = { task: 't1', paused: false, trains: true, fold: null, messages };
  const run = runOf('a', { status: 'running', live });
  await mount(RunNotes, { runs: runsOf([run]), run });
  await expect.element(page.getByText('The GPU fails: the CPU computes.')).toBeVisible();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});
