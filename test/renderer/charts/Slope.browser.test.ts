import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Slope from '../../../renderer/charts/Slope.svelte';
import { mount } from '../mounted/index.ts';

const cases = [
  { case: 'c1', before: 1, after: 2, verdict: null },
  { case: 'c2', before: 2, after: 9, verdict: 'fixed' as const },
  { case: 'c3', before: 8, after: 1, verdict: null },
];
const line = (name: RegExp) => page.getByRole('button', { name });

it('names each line by its case, both ranks and the verdict', async () => {
  await mount(Slope, { cases, top: 3, onchoose: vi.fn() });
  await expect.element(line(/^c2: rank 2 before, 9 now, fixed$/)).toBeInTheDocument();
  await expect.element(page.getByText('1 from below 3')).toBeInTheDocument();
  await expect.element(page.getByText('1 to below 3')).toBeInTheDocument();
});

it('chooses a case by keyboard and by a click', async () => {
  const onchoose = vi.fn();
  await mount(Slope, { cases, top: 3, onchoose });
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await userEvent.tab();
  await userEvent.keyboard(' ');
  expect(onchoose.mock.calls).toEqual([['c1'], ['c2']]);
  await page.getByText('c3', { exact: true }).click();
  expect(onchoose).toHaveBeenLastCalledWith('c3');
});
