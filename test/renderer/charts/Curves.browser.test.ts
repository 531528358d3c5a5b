import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Curves from '../../../renderer/charts/Curves.svelte';
import { mount } from '../mounted/index.ts';

const props = {
  title: 'Loss',
  x: [1, 2, 3],
  unit: 'epoch',
  curves: [
    { label: 'plain', colour: '#4cc2b4', values: [0.9, 0.5, 0.25] },
    { label: 'band', colour: '#4cc2b4', values: [1, 1, 1], quiet: true },
  ],
};
const chart = page.getByRole('img', { name: /^Loss/ });

it('is described in words: the first and the newest value of each curve', async () => {
  await mount(Curves, props);
  await expect
    .element(chart)
    .toHaveAccessibleName('Loss. plain: from 0.9 at epoch 1 to 0.25 at epoch 3.');
  expect(chart.element().querySelector('canvas')?.width).toBeGreaterThan(100);
});

it('shows the newest value, or the value under the pointer', async () => {
  await mount(Curves, props);
  const legend = page.getByRole('figure', { name: 'Loss' });
  await expect.element(legend).toHaveTextContent(/plain\s*0\.25/);
  const { width } = chart.element().getBoundingClientRect();
  await userEvent.hover(chart, { position: { x: (44 + width) / 2, y: 60 } });
  await expect.element(legend).toHaveTextContent(/plain\s*0\.5/);
  await expect.element(legend).toHaveTextContent('epoch 2');
  await userEvent.hover(chart, { position: { x: 60, y: 60 } });
  await expect.element(legend).toHaveTextContent(/plain\s*0\.9/);
});

it('draws values that come in', async () => {
  const change = await mount(Curves, props);
  const curves = [{ label: 'plain', colour: '#4cc2b4', values: [0.9, 0.5, 0.25, 0.125] }];
  await change({ x: [1, 2, 3, 4], curves });
  await expect
    .element(page.getByRole('figure', { name: 'Loss' }))
    .toHaveTextContent(/plain\s*0\.125/);
});
