import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import FolderField from '../../../renderer/shared/FolderField.svelte';
import { folders } from '../../../renderer/shared/folders.svelte.ts';
import { mount } from '../mounted/index.ts';

const field = page.getByRole('textbox', { name: 'New folder' });
const question = { title: 'Where it goes', kind: 'new', name: 'out' } as const;
const props = { label: 'New folder', value: '/data/out', question };

it('reports what was typed when the field is left', async () => {
  const onchange = vi.fn();
  await mount(FolderField, { ...props, onchange });
  await field.fill('/data/other');
  await userEvent.tab();
  expect(onchange).toHaveBeenCalledExactlyOnceWith('/data/other');
});

it('opens the dialog at its folder, and takes the folder that was chosen', async () => {
  const ask = vi.spyOn(folders, 'ask').mockResolvedValue('/data/chosen');
  const onchange = vi.fn();
  await mount(FolderField, { ...props, onchange });
  await page.getByRole('button', { name: 'Choose …' }).click();
  await expect.element(field).toHaveValue('/data/chosen');
  expect(ask).toHaveBeenCalledWith({ ...question, start: '/data/out' });
  expect(onchange).toHaveBeenCalledExactlyOnceWith('/data/chosen');
});

it('stays as it is if nothing was chosen', async () => {
  vi.spyOn(folders, 'ask').mockResolvedValue(null);
  const onchange = vi.fn();
  await mount(FolderField, { ...props, onchange });
  await page.getByRole('button', { name: 'Choose …' }).click();
  await expect.element(field).toHaveValue('/data/out');
  expect(onchange).not.toHaveBeenCalled();
});

it('says what is wrong with the path', async () => {
  await mount(FolderField, { ...props, problem: 'It is not empty.' });
  await expect.element(field).toHaveAttribute('aria-invalid', 'true');
  await expect.element(field).toHaveAccessibleDescription('It is not empty.');
});
