import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import BrushBar from '../../../../renderer/review/bars/BrushBar.svelte';
import { mount } from '../../mounted/index.ts';
import { openReview } from '../cases.ts';

const low = page.getByRole('spinbutton', { name: 'Lowest value' });
const high = page.getByRole('spinbutton', { name: 'Highest value' });
const range = page.getByRole('switch', { name: /^Range/ });

it('says the size of the brush, and changes it by slider and by key', async () => {
  const { casework } = await openReview();
  casework.editor.tool = 'brush';
  await mount(BrushBar, { casework });
  const bar = page.getByRole('group', { name: 'Brush' });
  await expect.element(bar).toHaveTextContent('24 px');
  await userEvent.keyboard(']');
  await expect.element(bar).toHaveTextContent('29 px');
  const slider = page.getByRole('slider', { name: 'Size of the brush' });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  await expect.element(bar).toHaveTextContent('1 px');
  expect(casework.editor.radius).toBe(0.5);
});

it('begins a range with the window, and keeps its ends in order and within the image', async () => {
  const { casework } = await openReview();
  casework.editor.tool = 'brush';
  casework.opened.stage.window = { low: 20, high: 180, invert: false };
  await mount(BrushBar, { casework });
  await expect.element(low).not.toBeInTheDocument();
  await range.click();
  await expect.element(range).toHaveAttribute('aria-checked', 'true');
  await expect.element(low).toHaveValue(20);
  await low.fill('190');
  await userEvent.tab();
  expect(casework.editor.range).toEqual({ low: 190, high: 190 });
  await high.fill('999');
  await userEvent.tab();
  expect(casework.editor.range).toEqual({ low: 190, high: 255 });
  await expect.element(high).toHaveValue(255);
  await range.click();
  expect(casework.editor.range).toBeNull();
});

it('shows the number in use again after a field was emptied', async () => {
  const { casework } = await openReview();
  casework.editor.tool = 'brush';
  casework.editor.range = { low: 20, high: 180 };
  await mount(BrushBar, { casework });
  await low.fill('');
  await userEvent.tab();
  expect(casework.editor.range).toEqual({ low: 20, high: 180 });
  await expect.element(low).toHaveValue(20);
});

it('shows the number in use after a number beyond the image was typed twice', async () => {
  const { casework } = await openReview();
  casework.editor.tool = 'brush';
  casework.editor.range = { low: 20, high: 255 };
  await mount(BrushBar, { casework });
  await high.fill('999');
  await userEvent.tab();
  await expect.element(high).toHaveValue(255);
});
