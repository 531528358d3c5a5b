import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import NumberField from '../../../renderer/shared/NumberField.svelte';
import { mount } from '../mounted/index.ts';

const field = page.getByRole('spinbutton', { name: 'Epochs' });
const props = { label: 'Epochs', value: 60, help: 'Passes over the cases.', minimum: 1 };

it('is named, described by its help, and steps with the arrows', async () => {
  await mount(NumberField, { ...props, step: 10 });
  await expect.element(field).toHaveValue(60);
  await expect.element(field).toHaveAccessibleDescription('Passes over the cases.');
  await field.click();
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(field).toHaveValue(61);
});

it('may be empty', async () => {
  await mount(NumberField, { ...props, placeholder: 'none' });
  await field.fill('');
  await expect.element(field).toHaveValue(null);
});

it('says what is wrong in place of its help', async () => {
  const change = await mount(NumberField, props);
  await expect.element(field).not.toHaveAttribute('aria-invalid');
  await change({ problem: 'a number is needed' });
  await expect.element(field).toHaveAttribute('aria-invalid', 'true');
  await expect.element(field).toHaveAccessibleDescription('a number is needed');
});
