import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import LayerBar from '../../../../renderer/review/bars/LayerBar.svelte';
import { mount } from '../../mounted/index.ts';
import { detailOf, openReview, rowOf, rowsOf } from '../cases.ts';

const bar = page.getByRole('toolbar', { name: 'Layers' });
const button = (name: RegExp | string) => bar.getByRole('button', { name });

it('chooses the structure to draw by click and by number', async () => {
  const { casework } = await openReview();
  await mount(LayerBar, { casework });
  const [lung, heart] = [button(/^Lung/), button(/^Heart/)];
  await expect.element(heart).toHaveAttribute('aria-pressed', 'true');
  await lung.click();
  await expect.element(lung).toHaveAttribute('aria-pressed', 'true');
  await expect.element(heart).toHaveAttribute('aria-pressed', 'false');
  expect(casework.opened.activeLabel?.structure.name).toBe('lung');
  await userEvent.keyboard('2');
  await expect.element(heart).toHaveAttribute('aria-pressed', 'true');
});

it('hides a structure and shows it again, by its eye and by Alt and its number', async () => {
  const { casework } = await openReview();
  await mount(LayerBar, { casework });
  await button('Hide the lung').click();
  expect(casework.opened.labels.map(({ visible }) => visible)).toEqual([false, true]);
  await userEvent.keyboard('{Alt>}1{/Alt}');
  await expect.element(button('Hide the lung')).toBeVisible();
  expect(casework.opened.labels.map(({ visible }) => visible)).toEqual([true, true]);
});

it('loads the quality map when it is switched on, and remembers the layers', async () => {
  const { casework, server } = await openReview();
  await mount(LayerBar, { casework });
  const quality = button(/^Quality map/);
  await expect.element(quality).toHaveAttribute('aria-pressed', 'false');
  expect(server.asked('GET /api/cases/c1/quality')).toHaveLength(0);
  await userEvent.keyboard('q');
  await expect.element(quality).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => casework.opened.quality?.width).toBe(2);
  await button(/^Model/).click();
  await expect.element(button(/^Model/)).toHaveAttribute('aria-pressed', 'false');
  const { casework: next } = await openReview();
  expect(next.opened.layers).toMatchObject({ quality: true, proposal: false });
});

it('sets how strongly a structure is drawn', async () => {
  const { casework } = await openReview();
  await mount(LayerBar, { casework });
  await button('Label appearance').click();
  const fill = page.getByRole('slider', { name: 'Fill of the heart' });
  await expect.element(fill).toHaveAttribute('aria-valuetext', '16 %');
  (fill.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(fill).toHaveAttribute('aria-valuetext', '18 %');
  expect(casework.opened.labels[1].fill).toBeCloseTo(0.18);
});

it('has no layers of the model if there is no model', async () => {
  const routes = {
    'GET /api/cases/:id': () =>
      detailOf(rowOf(1), { model: null, proposal: false, quality: false }),
  };
  const { casework } = await openReview(rowsOf(1), { routes });
  await mount(LayerBar, { casework });
  for (const name of [/^Model/, /^Difference/, /^Quality map/]) {
    await expect.element(button(name)).toBeDisabled();
    await expect
      .element(button(name))
      .toHaveAttribute('title', expect.stringMatching(/^Train first/));
  }
});

it('hides the layers of the model in a blind check', async () => {
  const rows = [rowOf(1, { blind: true })];
  const { casework } = await openReview(rows, { blind: true });
  await mount(LayerBar, { casework });
  await expect.element(button(/^Model/)).toBeDisabled();
  await expect
    .element(button(/^Model/))
    .toHaveAttribute('title', expect.stringMatching(/^A blind check/));
  await userEvent.keyboard('m');
  expect(casework.opened.layers.proposal).toBe(false);
});
