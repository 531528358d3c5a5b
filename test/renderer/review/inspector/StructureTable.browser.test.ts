import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import StructureTable from '../../../../renderer/review/inspector/StructureTable.svelte';
import { session } from '../../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../../mounted/index.ts';
import { detailOf, rankedOf, rowOf } from '../cases.ts';

const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });

it('shows each label in numbers, and looks at the one that is clicked', async () => {
  session.project = projectOf();
  const onlook = vi.fn();
  await mount(StructureTable, { detail: detailOf(rowOf(1)), active: 'heart', onlook });
  await expect.element(row('Heart')).toHaveTextContent(/0\.61\s*0\.81\s*−2\.4 px\s*1\.42 ×/);
  await page.getByRole('button', { name: 'Lung' }).click();
  expect(onlook).toHaveBeenCalledExactlyOnceWith('lung');
});

it('names the number in the head of its column, and one that stands in for it beside it', async () => {
  const detail = detailOf(rowOf(1));
  const expected = { dice: 0.61, low: 0.56, high: 0.66 };
  const [lung, heart] = detail.labels.map((label) => ({
    ...label,
    reasons: label.reasons && { ...label.reasons, expected },
  }));
  const other = { ...lung, ranks: { ...lung.ranks, number: 'agreement' as const } };
  const shown = { ...detail, labels: [other, heart] };
  await mount(StructureTable, { detail: shown, active: null, onlook: vi.fn() });
  await expect.element(page.getByRole('columnheader', { name: 'expected' })).toBeVisible();
  await expect.element(row('Heart')).toHaveTextContent(/^Heart\s*0\.61\s*0\.81/);
  await expect.element(row('Lung')).toHaveTextContent(/^Lung\s*0\.91\s*agreement\s*0\.81/);
  await expect.element(page.getByTitle(/0\.56 – 0\.66/).first()).toBeVisible();
});

it('says why a label is not ranked', async () => {
  const ranked = rankedOf({ unlearned: [{ structure: 'heart', why: 'only 4 are drawn' }] });
  const detail = detailOf(rowOf(1), { ranked });
  const ranks = { rank: null, score: null, number: null, percentile: null, previousRank: null };
  const labels = detail.labels.map((label) =>
    label.structure === 'heart' ? { ...label, ranks, reasons: null } : label,
  );
  await mount(StructureTable, { detail: { ...detail, labels }, active: null, onlook: vi.fn() });
  await expect.element(row('Heart')).toHaveTextContent('not ranked');
  await expect
    .element(page.getByText('The heart was not learned: only 4 are drawn.'))
    .toBeVisible();
});

it('says which label was not drawn, not ranked, judged, or changed since it was scored', async () => {
  const [lung, heart] = rowOf(1).labels;
  const labels = [
    { ...lung, state: 'absent' as const },
    { ...heart, verdict: 'flagged' as const },
  ];
  const detail = detailOf(rowOf(1, { labels }));
  const [first, second] = detail.labels;
  const shown = { ...detail, labels: [first, { ...second, reasons: null, stale: true }] };
  await mount(StructureTable, { detail: shown, active: null, onlook: vi.fn() });
  await expect.element(row('Lung')).toHaveTextContent('not drawn');
  await expect.element(row('Heart')).toHaveTextContent('not ranked');
  await expect.element(page.getByText(/flagged/i)).toBeVisible();
  await expect.element(page.getByText('changed since it was scored')).toBeVisible();
});
