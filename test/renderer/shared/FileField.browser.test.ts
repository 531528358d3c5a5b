import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import FileField from '../../../renderer/shared/FileField.svelte';
import { mount } from '../mounted/index.ts';

it('tells every change of the path; a browser has no dialog to choose in', async () => {
  const onchange = vi.fn();
  const props = { label: 'Manifest', value: '', title: 'Table', extensions: ['csv'], onchange };
  await mount(FileField, props);
  await page.getByRole('textbox', { name: 'Manifest' }).fill('/data/m.csv');
  expect(onchange).toHaveBeenLastCalledWith('/data/m.csv');
  await expect.element(page.getByRole('button')).not.toBeInTheDocument();
});
