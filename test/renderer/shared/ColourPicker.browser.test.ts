import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import ColourPicker from '../../../renderer/shared/ColourPicker.svelte';
import { mount } from '../mounted/index.ts';

const props = { label: 'Colour of lung', palette: ['#56b4e9', '#e69f00'], value: '#56b4e9' };
const popover = page.getByRole('dialog', { name: 'Colour of lung' });

it('takes a colour of the palette and closes', async () => {
  await mount(ColourPicker, props);
  await page.getByRole('button', { name: 'Colour of lung: #56b4e9' }).click();
  const pressed = page.getByRole('button', { name: '#56b4e9', exact: true });
  await expect.element(pressed).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: '#e69f00', exact: true }).click();
  await expect.element(popover).not.toBeInTheDocument();
  await expect.element(page.getByRole('button', { name: 'Colour of lung: #e69f00' })).toBeVisible();
});

it('takes any other colour, and stays open meanwhile', async () => {
  await mount(ColourPicker, props);
  await page.getByRole('button', { name: 'Colour of lung: #56b4e9' }).click();
  await page.getByLabelText('Another').fill('#123456');
  await expect.element(popover).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('button', { name: 'Colour of lung: #123456' })).toBeVisible();
});
