import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { BenchmarkReport } from '../../../audit/contract/api.ts';
import Benchmark from '../../../renderer/benchmark/Benchmark.svelte';
import { mount } from '../mounted/index.ts';
import { refusal, serve } from '../mounted/server.ts';

const ROUTE = 'GET /api/benchmark';
const dot = { name: 'overread', tone: 'ours' as const, value: 0.9, lowest: 0.85, highest: 0.95 };
const report: BenchmarkReport = {
  methods: ['overread: this program'],
  dots: [
    {
      title: 'Found errors',
      note: 'Average precision.',
      axis: [
        { value: 0, text: '0' },
        { value: 1, text: '1' },
      ],
      rows: [{ label: 'shifted', dots: [dot] }],
    },
  ],
  tables: [
    { title: 'Precision', note: 'By kind.', header: ['kind', 'AP'], rows: [['all', '0.9']] },
  ],
  seed: 1,
  curves: [],
  outlines: [],
};
const again = page.getByRole('button', { name: /^Read again/ });

it('shows the figures of a folder, and reads them again', async () => {
  const server = serve({ [ROUTE]: () => report });
  await mount(Benchmark, { folder: '/data/results' });
  await expect.element(page.getByText('/data/results')).toBeVisible();
  await expect.element(page.getByTitle('shifted: overread 0.9000')).toBeVisible();
  await expect.element(page.getByRole('row', { name: 'all' })).toHaveTextContent('0.9');
  server.answer({ [ROUTE]: () => ({ ...report, methods: ['area: a rule'] }) });
  await again.click();
  await expect.element(page.getByText('area: a rule')).toBeVisible();
  expect(server.asked(ROUTE).map(({ query }) => query['folder'])).toEqual([
    '/data/results',
    '/data/results',
  ]);
});

it('keeps the figures when they cannot be read again, and says why', async () => {
  const server = serve({ [ROUTE]: () => report });
  await mount(Benchmark, { folder: '/data/results' });
  await expect.element(page.getByText('overread: this program')).toBeVisible();
  server.answer({ [ROUTE]: () => refusal(404, 'The folder is gone.', 'not-found') });
  await again.click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('The folder is gone.');
  await expect.element(page.getByText('overread: this program')).toBeVisible();
});

it('asks for another folder where there are no results', async () => {
  serve({ [ROUTE]: () => refusal(404, 'No results are there.', 'not-found') });
  await mount(Benchmark, { folder: '/data' });
  await expect.element(page.getByText('No results are there.')).toBeVisible();
  await expect.element(page.getByRole('button', { name: /^Choose another/ })).toBeVisible();
});
