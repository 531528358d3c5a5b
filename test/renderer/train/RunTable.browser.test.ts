import { beforeEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import RunTable from '../../../renderer/train/RunTable.svelte';
import { mount, projectOf } from '../mounted/index.ts';
import { serve } from '../mounted/server.ts';
import { outlookOf, runOf, runsOf } from './runs.ts';

const pick = (run: number) => page.getByRole('checkbox', { name: `Select run ${run} to compare` });
const compare = page.getByRole('button', { name: 'Compare the two selected' });

beforeEach(() => {
  vi.spyOn(client, 'metrics').mockResolvedValue({ epochs: [] });
});

it('compares two runs, the newer against the older, whichever was picked first', async () => {
  const oncompare = vi.fn();
  await mount(RunTable, { runs: runsOf([runOf('a'), runOf('b'), runOf('c')]), oncompare });
  await pick(3).click();
  await expect.element(compare).toBeDisabled();
  await pick(1).click();
  await compare.click();
  expect(oncompare).toHaveBeenCalledExactlyOnceWith('c', 'a');
});

it('drops the first picked run when a third is picked', async () => {
  await mount(RunTable, { runs: runsOf([runOf('a'), runOf('b'), runOf('c')]), oncompare: vi.fn() });
  for (const run of [1, 2, 3]) await pick(run).click();
  await expect.element(pick(1)).not.toBeChecked();
  await expect.element(pick(2)).toBeChecked();
  await expect.element(pick(3)).toBeChecked();
});

it('shows the newest run first, and lets no run be picked that failed', async () => {
  const runs = runsOf([runOf('a', { current: true }), runOf('b', { status: 'failed' })]);
  await mount(RunTable, { runs, oncompare: vi.fn() });
  await expect.element(pick(2)).toBeDisabled();
  const rows = page
    .getByRole('row')
    .elements()
    .map((row) => row.textContent ?? '');
  expect(rows[1]).toContain('failed');
  expect(rows[2]).toContain('ranks now');
});

it('lets a finished run rank that does not yet, and takes the choice back', async () => {
  session.project = projectOf();
  const server = serve({
    'PUT /api/ranking/run': () => ({}),
    'GET /api/runs': () => ({ runs: [runOf('a'), runOf('b', { current: true })] }),
    'GET /api/outlook': () => outlookOf(),
  });
  const runs = runsOf([
    runOf('a'),
    runOf('b', { current: true, chosen: true }),
    runOf('c', { status: 'failed' }),
  ]);
  await mount(RunTable, { runs, oncompare: vi.fn() });
  const rankBy = page.getByRole('button', { name: /^Rank by run/ });
  await expect.element(rankBy).toHaveAccessibleName('Rank by run 1');
  await rankBy.click();
  await expect.poll(() => server.sent('PUT /api/ranking/run')).toEqual([{ run: 'a' }]);
  await expect.element(page.getByText('ranks now')).toBeVisible();
  runs.list = [runOf('a'), runOf('b', { current: true, chosen: true })];
  await page.getByRole('button', { name: 'Undo the choice' }).click();
  await expect.poll(() => server.sent('PUT /api/ranking/run').at(-1)).toEqual({ run: null });
});
