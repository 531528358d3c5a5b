import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import Losses from '../../../renderer/insights/Losses.svelte';
import { mount } from '../mounted/index.ts';

const losses = [
  { case: 'c1', structure: 'lung', pixels: 10, area: 1000 },
  { case: 'c2', structure: 'lung', pixels: 50, area: 1000 },
  { case: 'c1', structure: 'heart', pixels: 900, area: 1000 },
];

it('says what would be lost, the worst first, before anything is written', async () => {
  const [onyes, onno] = [vi.fn(), vi.fn()];
  await mount(Losses, { losses, format: 'COCO', onyes, onno });
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('COCO cannot hold 3 labels exactly:');
  const items = alert
    .getByRole('listitem')
    .elements()
    .map((item) => item.textContent?.trim());
  expect(items.slice(0, 2)).toEqual([
    expect.stringMatching(/^heart: 1 label,\s+90 % of the pixels$/),
    expect.stringMatching(/^lung: 2 labels,\s+up to 5\.0 % of the pixels$/),
  ]);
  const label = page.getByText('c1, heart: 900 of 1,000');
  await expect.element(label).not.toBeVisible();
  await page.getByText('Label by label').click();
  await expect.element(label).toBeVisible();
  await page.getByRole('button', { name: 'Export anyway' }).click();
  expect(onyes).toHaveBeenCalledOnce();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(onno).toHaveBeenCalledOnce();
});
