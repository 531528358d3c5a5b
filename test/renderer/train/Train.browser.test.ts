import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RunInfo } from '../../../audit/contract/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Train from '../../../renderer/train/Train.svelte';
import { mount, projectOf, taskOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';
import { runOf, runsOf } from './runs.ts';

const LIST = 'GET /api/runs';
const train = page.getByRole('button', { name: /^Train/ });

async function mountTrain(list: readonly RunInfo[]) {
  session.project = projectOf();
  const { outlook } = runsOf(list);
  const server = serve({
    [LIST]: () => ({ runs: list }),
    'GET /api/outlook': () => outlook,
    'GET /api/runs/:id/metrics': () => ({ epochs: [] }),
    'GET /api/runs/:id/series': () => refusal(404, 'There is none.', 'not-found'),
    'POST /api/runs': () => taskOf({ kind: 'train' }),
  });
  await mount(Train, {});
  return server;
}

it('starts a training with the chosen settings, but not while one runs', async () => {
  const server = await mountTrain([]);
  await expect.element(page.getByText('Nothing was trained yet')).toBeVisible();
  await page.getByText('Settings', { exact: false }).first().click();
  await page.getByRole('spinbutton', { name: 'Epochs' }).fill('3');
  await userEvent.tab();
  await train.click();
  await expect.poll(() => server.sent('POST /api/runs')).toHaveLength(1);
  expect(server.sent('POST /api/runs')[0]).toMatchObject({ training: { epochs: 3 } });
  session.tasks = [taskOf({ kind: 'train', title: 'Training' })];
  await expect.element(train).toBeDisabled();
  await expect.element(page.getByRole('progressbar', { name: 'Training' })).toBeVisible();
});

it('shows the run that is chosen, and says that a run without an end ranked nothing', async () => {
  await mountTrain([runOf('a'), runOf('b', { status: 'failed', error: 'The disk is full.' })]);
  const heading = page.getByRole('heading', { level: 1 });
  await expect.element(heading).toHaveTextContent('Run 2');
  await expect.element(page.getByRole('alert')).toHaveTextContent('The disk is full.');
  await expect.element(page.getByText('No finished epoch')).toBeVisible();
  await page.getByRole('radio', { name: 'Rank changes' }).click();
  await expect.element(page.getByText('This run has no ranking')).toBeVisible();
  await page.getByRole('radio', { name: 'All runs' }).click();
  await expect.element(heading).toHaveTextContent('All runs');
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

it('says which structures a run learned, and why not the others', async () => {
  const learned = [
    { structure: 'lung', learned: true, drawn: 40, dice: 0.951, heldOut: true, why: null },
    { structure: 'heart', learned: false, drawn: 4, dice: 0.3, heldOut: false, why: 'too few' },
  ];
  const summary = { backend: 'wasm', device: 'CPU', epochs: 3, learned, seconds: 9 };
  await mountTrain([runOf('a', { summary })]);
  const row = (name: RegExp) => page.getByRole('row', { name });
  await expect.element(row(/^lung/)).toHaveTextContent(/40\s*0\.95\s*learned$/);
  await expect
    .element(row(/^heart/))
    .toHaveTextContent(/4\s*0\.30 in training\s*not learned, so not ranked: too few$/);
});

it('says why the trainings cannot be listed, and tries again', async () => {
  const server = await mountTrain([]);
  await expect.element(page.getByText('Nothing was trained yet')).toBeVisible();
  server.answer({ [LIST]: () => refusal(500, 'The project is damaged.') });
  await mount(Train, {});
  await expect.element(page.getByText('The project is damaged.')).toBeVisible();
  server.answer({ [LIST]: () => ({ runs: [runOf('a')] }) });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByRole('heading', { level: 1, name: /^Run 1/ })).toBeVisible();
});
