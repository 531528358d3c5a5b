import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Segmented from '../../../renderer/shared/Segmented.svelte';
import { mount } from '../mounted/index.ts';

const radio = (name: string) => page.getByRole('radio', { name });
const options = [
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
  { value: 'system', label: 'System' },
];

it('chooses with the arrows, from the last to the first, and takes the focus along', async () => {
  const onchange = vi.fn();
  await mount(Segmented, { label: 'Theme', options, value: 'light', onchange });
  await userEvent.tab();
  await expect.element(radio('Light')).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  await expect.element(radio('Dark')).toBeChecked();
  await expect.element(radio('Dark')).toHaveFocus();
  await userEvent.keyboard('{ArrowLeft}');
  expect(onchange.mock.calls).toEqual([['system'], ['dark'], ['system']]);
});

it('reports nothing when the chosen option is clicked', async () => {
  const onchange = vi.fn();
  await mount(Segmented, { label: 'Theme', options, value: 'light', onchange });
  await radio('Light').click();
  expect(onchange).not.toHaveBeenCalled();
  await radio('Dark').click();
  expect(onchange).toHaveBeenCalledWith('dark');
  await expect.element(radio('Light')).not.toBeChecked();
});

it('is one stop for the keyboard', async () => {
  await mount(Segmented, { label: 'Theme', options, value: 'dark' });
  const stops = options.map(({ label }) => radio(label).element().getAttribute('tabindex'));
  expect(stops).toEqual(['0', '-1', '-1']);
});
