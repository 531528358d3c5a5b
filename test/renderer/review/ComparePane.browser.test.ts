import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { Casework } from '../../../renderer/case/casework.ts';
import { pixelLoader } from '../../../renderer/case/pixels.ts';
import { Compare } from '../../../renderer/review/compare.svelte.ts';
import ComparePane from '../../../renderer/review/ComparePane.svelte';
import { client } from '../../../renderer/shared/api.ts';
import { mount, provide } from '../mounted/index.ts';
import { refusal } from '../mounted/server.ts';
import { openReview, rowsOf } from './cases.ts';

const ROUTE = 'GET /api/cases/:id/similar';
const pane = page.getByRole('region', { name: /^A well-labelled case/ });

/**
 * Mounts the pane that shows a case to compare with.
 * @param answer gives the server's answer about the similar case
 */
async function mountPane(answer: () => unknown) {
  await openReview(rowsOf(30), { routes: { [ROUTE]: answer } });
  const beside = new Casework(client, pixelLoader(client));
  const compare = new Compare(client, (id) => beside.opened.open(id));
  await mount(ComparePane, { compare, casework: beside });
  return { compare, beside };
}

it('shows the case that looks alike, its rank, and how alike it is', async () => {
  const { compare } = await mountPane(() => ({ case: 'c29', correlation: 0.934, because: null }));
  await expect.element(page.getByText('Looking for a case')).toBeInTheDocument();
  await compare.beside('c1');
  await expect.element(pane).toHaveTextContent(/c29\s*well scored, rank 29\s*alike 0\.93/);
});

it('says why there is no similar case, and closes', async () => {
  const because = 'Nothing was accepted yet.';
  const { compare } = await mountPane(() => ({ case: null, correlation: null, because }));
  let closed = 0;
  const stop = provide('view.compare', () => (closed += 1));
  await compare.beside('c1');
  await expect.element(page.getByText(because)).toBeVisible();
  await pane.getByRole('button', { name: 'Close' }).click();
  expect(closed).toBe(1);
  stop();
});

it('says why the search for a similar case failed', async () => {
  const { compare } = await mountPane(() => refusal(500, 'The images are gone.', 'no-image'));
  await compare.beside('c1');
  await expect.element(page.getByText('The images are gone.')).toBeVisible();
});
