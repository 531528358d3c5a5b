import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import Insights from '../../../renderer/insights/Insights.svelte';
import { route } from '../../../renderer/shared/route.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';
import type { Routes } from '../mounted/server.ts';
import { histogram, insightsOf, rankedOf } from '../review/cases.ts';

const COUNTS = 'GET /api/insights';
const labels = { total: 30, found: 3, open: 20, accepted: 7, fixed: 2, excluded: 1, flagged: 0 };
const empty = { ...histogram, counts: [] };

async function mountInsights(routes: Routes) {
  session.project = projectOf();
  const server = serve({
    'GET /api/left': () => ({ left: null }),
    'GET /api/export/formats': () => ({ formats: [] }),
    ...routes,
  });
  await mount(Insights, {});
  return server;
}

it('counts what was reviewed and found, and goes on with the review', async () => {
  const structures = [{ ...labels, structure: 'heart' }];
  await mountInsights({ [COUNTS]: () => insightsOf({ labels, structures }) });
  const heading = page.getByRole('heading', { name: /^10 of 30 labels reviewed/ });
  await expect.element(heading).toHaveTextContent('3 errors found');
  await expect.element(page.getByRole('img', { name: /^heart: .*20/ })).toBeVisible();
  await page.getByRole('button', { name: 'Review' }).click();
  expect(route.view).toBe('review');
});

it('shows the number that ranks, of all labels or of one structure', async () => {
  const server = await mountInsights({ [COUNTS]: () => insightsOf({ labels }) });
  const chart = (name: RegExp) => page.getByRole('img', { name });
  await expect.element(chart(/^expected dice of all labels/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Structure' }).selectOptions('heart');
  await expect.element(chart(/^expected dice of heart/)).toBeVisible();
  expect(server.asked(COUNTS).at(-1)?.query).toMatchObject({ structure: 'heart' });
});

it('says what must be known of the ranking', async () => {
  const ranked = rankedOf({
    number: 'agreement',
    unlearned: [{ structure: 'heart', why: 'only 4 are drawn' }],
    passedOver: { run: 'run 2', collapse: 'This training collapsed: try more --epochs.' },
  });
  await mountInsights({ [COUNTS]: () => insightsOf({ labels, ranked }) });
  const note = page.getByRole('list', { name: 'Notes on the ranking' }).getByRole('listitem');
  await expect
    .element(note.nth(0))
    .toHaveTextContent(
      /still ranked by an earlier run.* This training collapsed: try more epochs\.$/,
    );
  await expect.element(note.nth(1)).toHaveTextContent(/heart are not ranked.*only 4 are drawn\.$/);
  await expect.element(note.nth(2)).toHaveTextContent(/^These networks have no calibration/);
  await expect
    .element(page.getByRole('heading', { name: 'Agreement with the model of the labels' }))
    .toBeVisible();
});

it('leads to the training if nothing was scored yet', async () => {
  await mountInsights({ [COUNTS]: () => insightsOf({ histogram: empty }) });
  await expect.element(page.getByText('No scores yet')).toBeVisible();
  await expect.element(page.getByText('No label was reviewed yet')).toBeVisible();
});

it('says why nothing could be counted, and tries again', async () => {
  const server = await mountInsights({ [COUNTS]: () => refusal(500, 'The project is damaged.') });
  await expect.element(page.getByText('The project is damaged.')).toBeVisible();
  server.answer({ [COUNTS]: () => insightsOf({ labels }) });
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByRole('heading', { name: /^10 of 30/ })).toBeVisible();
});
