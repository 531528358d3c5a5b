import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Switch from '../../../renderer/shared/Switch.svelte';
import { mount } from '../mounted/index.ts';

const control = page.getByRole('switch', { name: 'Vary the images' });

it('switches with the space bar, by a click, and by a click on its name', async () => {
  await mount(Switch, { label: 'Vary the images', checked: false, help: 'Position and size.' });
  await expect.element(control).not.toBeChecked();
  await userEvent.tab();
  await userEvent.keyboard(' ');
  await expect.element(control).toBeChecked();
  await control.click();
  await expect.element(control).not.toBeChecked();
  await page.getByText('Vary the images').click();
  await expect.element(control).toBeChecked();
});
