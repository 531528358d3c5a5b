import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Left } from '../../../audit/contract/api.ts';
import ErrorsLeft from '../../../renderer/insights/ErrorsLeft.svelte';
import VerdictTable from '../../../renderer/insights/VerdictTable.svelte';
import { mount } from '../mounted/index.ts';

const guess = { expected: 9, low: 4, high: 17 };
const left: Left = {
  model: 'm',
  found: 12,
  judged: 40,
  errors: 12,
  open: 412,
  needed: 20,
  left: guess,
  next: { labels: 50, expected: 6 },
  ahead: [
    { labels: 0, ...guess },
    { labels: 412, expected: 0, low: 0, high: 0 },
  ],
  checksNeeded: 5,
  random: { labels: 0, errors: 0, expected: null },
  ranked: { labels: 0, errors: 0, expected: null },
};

it('says how many errors are left, and draws how they become fewer', async () => {
  await mount(ErrorsLeft, { left });
  await expect.element(page.getByText(/^About 9 errors are left among 412/)).toBeVisible();
  const chart = page.getByRole('img', { name: /^Errors left against further labels/ });
  await expect.element(chart).toHaveAccessibleName(/from 9 at label 0 to 0 at label 412/);
});

it('draws nothing while too few labels are judged', async () => {
  await mount(ErrorsLeft, { left: { ...left, left: null, judged: 3, ahead: [] } });
  await expect.element(page.getByText(/can be estimated after 20 verdicts/)).toBeVisible();
  await expect.element(page.getByRole('img')).not.toBeInTheDocument();
});

it('shows the verdicts of each structure, as long as it has labels', async () => {
  const counts = { open: 10, accepted: 5, fixed: 3, excluded: 2, flagged: 0 };
  const rows = [
    { name: 'lung', total: 20, found: 4, counts },
    { name: 'heart', total: 10, found: 4, counts: { ...counts, open: 0 } },
  ];
  await mount(VerdictTable, { rows });
  const bar = (name: RegExp) => page.getByRole('img', { name });
  await expect
    .element(bar(/^lung: 3 fixed, 2 excluded, 5 accepted, 10 not reviewed$/))
    .toBeVisible();
  await expect.element(page.getByText('4 errors found').first()).toBeVisible();
  const wide = (name: RegExp): number => bar(name).element().getBoundingClientRect().width;
  expect(wide(/^heart/) / wide(/^lung/)).toBeCloseTo(0.5, 1);
});
