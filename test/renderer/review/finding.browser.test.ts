/** What the palette finds during a review, in the words of people who know other tools. */
import { expect, it, onTestFinished } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import LayerBar from '../../../renderer/review/bars/LayerBar.svelte';
import { structureNames } from '../../../renderer/review/handlers.ts';
import { actions } from '../../../renderer/shared/actions.svelte.ts';
import Palette from '../../../renderer/shared/Palette.svelte';
import { mount } from '../mounted/index.ts';
import { openReview } from './cases.ts';

const find = page.getByRole('combobox', { name: 'Find' });
const option = (name: RegExp) => page.getByRole('option', { name });
const first = (): string | undefined =>
  page.getByRole('option', { selected: true }).query()?.textContent?.trim();

async function open() {
  const opened = await openReview();
  await mount(LayerBar, { casework: opened.casework });
  await mount(Palette, {});
  onTestFinished(actions.name(structureNames(opened.casework)));
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(find).toHaveFocus();
  return opened;
}

it('finds the window by “contrast”, and measuring by “measure”', async () => {
  await open();
  await find.fill('contrast');
  await expect.element(option(/^Window: automatic/)).toBeVisible();
  await expect.element(option(/^Window: invert/)).toBeVisible();
  await find.fill('measure');
  await expect.poll(first).toMatch(/^Ruler/);
});

it('finds and opens the sliders by “opacity”', async () => {
  await open();
  await find.fill('opacity');
  await expect.poll(first).toMatch(/^Opacity of the labels/);
  await userEvent.keyboard('{Enter}');
  const sliders = page.getByRole('dialog', { name: 'Label appearance' });
  await expect.element(sliders.getByRole('slider', { name: 'Fill of the heart' })).toBeVisible();
});

it('finds a structure by its name, with its key', async () => {
  const { casework } = await open();
  expect(casework.opened.active).toBe(1);
  await find.fill('lung');
  await expect.element(option(/^Show or hide the lung/)).toBeVisible();
  await expect.element(option(/^Draw the lung\s+1$/)).toBeVisible();
  await find.fill('draw lung');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => casework.opened.active).toBe(0);
});
