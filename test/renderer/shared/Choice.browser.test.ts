import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import Choice from '../../../renderer/shared/Choice.svelte';
import { mount } from '../mounted/index.ts';

const options = [
  { value: '', label: 'Guess' },
  { value: 'coco', label: 'COCO' },
];

it('reports the value of the option that is chosen', async () => {
  const onchange = vi.fn();
  await mount(Choice, { label: 'Format', options, value: '', onchange });
  const list = page.getByRole('combobox', { name: 'Format' });
  await expect.element(list).toHaveDisplayValue('Guess');
  await list.selectOptions('COCO');
  expect(onchange).toHaveBeenCalledExactlyOnceWith('coco');
});

it('keeps its accessible name if its label is not shown', async () => {
  await mount(Choice, { label: 'Format', options, value: 'coco', quiet: true, onchange: vi.fn() });
  await expect.element(page.getByRole('combobox', { name: 'Format' })).toHaveValue('coco');
});
