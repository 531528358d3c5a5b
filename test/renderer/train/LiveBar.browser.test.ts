import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { RunInfo } from '../../../audit/contract/api.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import LiveBar from '../../../renderer/train/LiveBar.svelte';
import { mount, taskOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';
import { runOf, runsOf } from './runs.ts';

type Live = NonNullable<RunInfo['live']>;
const task = taskOf({ kind: 'train', title: 'Training' });
const liveRun = (change: Partial<Live> = {}): RunInfo =>
  runOf('a', {
    status: 'running',
    live: { task: 't1', paused: false, trains: true, fold: null, messages: [], ...change },
  });
const button = (name: RegExp) => page.getByRole('button', { name });

/** Mounts the bar of a run. @param after the run as the server's next answer shows it */
async function mountBar(run: RunInfo, after: RunInfo = run) {
  const runs = runsOf([run]);
  const outlook = runs.outlook;
  const server = serve({
    'GET /api/runs': () => ({ runs: [after] }),
    'GET /api/outlook': () => outlook,
    'POST /api/runs/a/pause': () => ({}),
    'POST /api/runs/a/continue': () => ({}),
    'POST /api/runs/a/cancel': () => task,
  });
  const change = await mount(LiveBar, { runs, run, task });
  return { runs, server, change };
}

it('pauses a training, and goes on with it', async () => {
  const paused = liveRun({ paused: true });
  const { runs, server, change } = await mountBar(liveRun(), paused);
  await button(/^Pause/).click();
  await expect.poll(() => runs.live?.live?.paused).toBe(true);
  await change({ run: paused });
  await expect.element(page.getByText(/^Paused/)).toBeVisible();
  await button(/^Resume/).click();
  await expect.poll(() => server.asked('POST /api/runs/a/continue')).toHaveLength(1);
  expect(server.asked('POST /api/runs/a/pause')).toHaveLength(1);
});

it('cancels a training', async () => {
  const { server } = await mountBar(liveRun());
  await button(/^Cancel/).click();
  await expect.poll(() => server.asked('POST /api/runs/a/cancel')).toHaveLength(1);
});

it('says why a training could not be paused', async () => {
  const { server } = await mountBar(liveRun());
  server.answer({ 'POST /api/runs/a/pause': () => refusal(409, 'It has just ended.', 'conflict') });
  await button(/^Pause/).click();
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['It has just ended.']);
  await expect.element(button(/^Pause/)).toBeEnabled();
});

it('cannot be paused while samples are made', async () => {
  await mountBar(liveRun({ trains: false }));
  await expect.element(button(/^Pause/)).toBeDisabled();
  await expect.element(button(/^Cancel/)).toBeEnabled();
});

it('says when the second network joined', async () => {
  const { change } = await mountBar(liveRun());
  await expect.element(page.getByText(/Warm-up/)).toBeVisible();
  const messages = [{ type: 'warmed-up' as const, epoch: 4, because: 'it is good enough' }];
  await change({ run: liveRun({ messages }) });
  await expect.element(page.getByText(/after epoch 4/)).toBeVisible();
});
