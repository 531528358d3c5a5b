import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import InspectorPanel from '../../../../renderer/review/inspector/InspectorPanel.svelte';
import { mount, provide } from '../../mounted/index.ts';
import {
  detailOf,
  imageAnswer,
  maskAnswer,
  maskOf,
  openReview,
  revisionOf,
  rowOf,
  rowsOf,
} from '../cases.ts';
import { PIXEL_HEADERS } from '../../../../audit/contract/api.ts';

const card = (name: RegExp | string) => page.getByRole('region', { name });

it('follows the case on the stage', async () => {
  const { review, casework } = await openReview();
  await mount(InspectorPanel, { review, casework });
  await expect.element(card('Quality')).toHaveTextContent(/rank 1\s*of 30/);
  await userEvent.keyboard('jj');
  await expect.element(card('Quality')).toHaveTextContent(/rank 3\s*of 30/);
});

it('shows the history and the comment of the structure that is looked at', async () => {
  const { review, casework } = await openReview();
  await mount(InspectorPanel, { review, casework });
  await expect.element(card('History of the heart')).toBeVisible();
  await card('By structure').getByRole('button', { name: 'Lung' }).click();
  await expect.element(card('History of the lung')).toHaveTextContent('Imported');
  await expect.element(card('Comment on the lung')).toBeVisible();
  await expect.element(card('Quality').getByRole('radio', { name: 'Lung' })).toBeChecked();
  expect(casework.opened.activeLabel?.structure.name).toBe('lung');
});

it('draws the label as it was in the revision that is restored', async () => {
  const { review, casework, server } = await openReview(rowsOf(1));
  server.answer({
    'GET /api/cases/:id/labels/:structure/revisions': () => ({
      revisions: [revisionOf(2), revisionOf(1)],
    }),
    'GET /api/cases/:id/labels/:structure/mask': ({ query }) =>
      maskAnswer(maskOf(query['revision'] === '1' ? 4 : 0)),
  });
  await mount(InspectorPanel, { review, casework });
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => casework.opened.labels[1].mask).toEqual(maskOf(4));
  await expect.element(card(/^History/)).toHaveTextContent('1 change');
});

it('hides the ranking in a blind check until the verdict', async () => {
  const rows = [rowOf(1, { blind: true }), rowOf(2)];
  const { review, casework } = await openReview(rows, { blind: true });
  await mount(InspectorPanel, { review, casework });
  await expect
    .element(card('Blind check'))
    .toHaveTextContent(/Judge this case without the ranking/);
  await expect.element(card('Quality')).not.toBeInTheDocument();
  await expect.element(card('By structure')).not.toBeInTheDocument();
  await expect.element(card(/^History/)).toBeVisible();
});

it('leads to the training where nothing was ranked yet', async () => {
  const routes = { 'GET /api/cases/:id': () => detailOf(rowOf(1), { model: null, ranked: null }) };
  const { review, casework } = await openReview(rowsOf(1), { routes });
  let went = 0;
  const stop = provide('go.train', () => (went += 1));
  await mount(InspectorPanel, { review, casework });
  await page.getByRole('button', { name: 'Train' }).click();
  expect(went).toBe(1);
  stop();
});

it('says how the rank moved in the last training', async () => {
  const row = rowOf(1, { rank: 12, previousRank: 3 });
  const routes = { 'GET /api/cases/:id': () => detailOf(row) };
  const { review, casework } = await openReview([row], { routes });
  await mount(InspectorPanel, { review, casework });
  const moved = card('Rank changes');
  await expect.element(moved).toHaveTextContent(/rank 3\s*12\s*9 better/);
});

it('warns of an image file that has changed, and shows what the dataset says of the image', async () => {
  const routes = {
    'GET /api/cases/:id/image': () => imageAnswer({ [PIXEL_HEADERS.changed]: '1' }),
  };
  const { review, casework } = await openReview(rowsOf(1), { routes });
  await mount(InspectorPanel, { review, casework });
  await expect.element(card('Image').getByRole('alert')).toBeVisible();
  await expect.element(card('Image')).toHaveTextContent(/32 × 24 px, 8 bit/);
  await expect.element(card('Image')).toHaveTextContent('16 × 12 mm');
});
