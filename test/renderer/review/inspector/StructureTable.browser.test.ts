import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import StructureTable from '../../../../renderer/review/inspector/StructureTable.svelte';
import { session } from '../../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../../mounted/index.ts';
import { detailOf, rowOf } from '../cases.ts';

const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });

it('shows each label in numbers, and looks at the one that is clicked', async () => {
  session.project = projectOf();
  const onlook = vi.fn();
  await mount(StructureTable, { detail: detailOf(rowOf(1)), active: 'heart', onlook });
  await expect.element(row('Heart')).toHaveTextContent(/−1\.50\s*0\.81\s*−2\.4 px\s*1\.42 ×/);
  await page.getByRole('button', { name: 'Lung' }).click();
  expect(onlook).toHaveBeenCalledExactlyOnceWith('lung');
});

it('shows the expected dice in place of scores where the model was calibrated', async () => {
  const detail = detailOf(rowOf(1));
  const expected = { dice: 0.71, low: 0.66, high: 0.76 };
  const labels = detail.labels.map((label) => ({
    ...label,
    reasons: label.reasons && { ...label.reasons, expected },
  }));
  await mount(StructureTable, { detail: { ...detail, labels }, active: null, onlook: vi.fn() });
  await expect.element(page.getByRole('columnheader', { name: 'expected' })).toBeVisible();
  await expect.element(page.getByRole('columnheader', { name: 'score' })).not.toBeInTheDocument();
  await expect.element(row('Heart')).toHaveTextContent('0.71');
  await expect.element(page.getByTitle('0.66 – 0.76').first()).toBeVisible();
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
