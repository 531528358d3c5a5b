import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Moved } from '../../../audit/contract/api.ts';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import WhatMoved from '../../../renderer/train/WhatMoved.svelte';
import { mount, projectOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';
import { runOf, runsOf } from './runs.ts';

const ROUTE = 'GET /api/runs/c/moved';
const runs = runsOf([runOf('a'), runOf('b'), runOf('c')]);
const run = runOf('c');
const moved: Moved = {
  run: 'c',
  against: 'b',
  top: 20,
  totals: { before: 30, after: 30 },
  cases: [
    { case: 'c1', before: 25, after: 1, verdict: null, structure: 'heart' },
    { case: 'c2', before: 3, after: 28, verdict: 'fixed', structure: 'heart' },
    { case: 'c3', before: 4, after: 2, verdict: null, structure: 'lung' },
  ],
  entered: 1,
  left: 1,
  dice: [{ structure: 'heart', before: 0.8, after: null, labels: 30 }],
  agreement: 0.42,
};

it('lists the cases that entered and left the top, and opens a case in the review', async () => {
  session.project = projectOf();
  serve({ [ROUTE]: () => moved });
  await mount(WhatMoved, { runs, run, against: null });
  const panel = (name: RegExp) => page.getByRole('heading', { name });
  await expect.element(panel(/^Entered the top: 1 case$/)).toBeVisible();
  await expect.element(panel(/^Left the top: 1 case$/)).toBeVisible();
  await expect.element(page.getByRole('row', { name: /heart/ })).toHaveTextContent(/0\.800\s*–/);
  await expect.element(page.getByText(/agree by 0\.42/)).toBeVisible();
  await page.getByRole('button', { name: /^c1 .*25 → 1/ }).click();
  expect(route).toMatchObject({ view: 'review', argument: 'c1' });
});

it('compares with another run that is chosen', async () => {
  session.project = projectOf();
  const server = serve({
    [ROUTE]: ({ query }) => ({ ...moved, against: query['against'] ?? 'b' }),
  });
  await mount(WhatMoved, { runs, run, against: null });
  const choice = page.getByRole('combobox', { name: 'Compared with' });
  await expect.element(choice).toHaveValue('b');
  await choice.selectOptions('a');
  await expect.poll(() => server.asked(ROUTE).at(-1)?.query['against']).toBe('a');
  await expect.element(choice).toHaveValue('a');
});

it('says that there is nothing to compare with, or why it cannot be compared', async () => {
  const server = serve({ [ROUTE]: () => ({ ...moved, against: null }) });
  await mount(WhatMoved, { runs, run, against: null });
  await expect.element(page.getByText('Nothing to compare with yet')).toBeVisible();
  server.answer({ [ROUTE]: () => refusal(404, 'That run is gone.', 'not-found') });
  await mount(WhatMoved, { runs, run, against: 'x' });
  await expect.element(page.getByText('That run is gone.')).toBeVisible();
});
