import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import FileField from '../../../renderer/shared/FileField.svelte';
import { mount } from '../mounted/index.ts';

it('reports every change of the path, and offers no dialog in a browser', async () => {
  const onchange = vi.fn();
  const props = { label: 'Manifest', value: '', title: 'Table', extensions: ['csv'], onchange };
  await mount(FileField, props);
  await page.getByRole('textbox', { name: 'Manifest' }).fill('/data/m.csv');
  expect(onchange).toHaveBeenLastCalledWith('/data/m.csv');
  await expect.element(page.getByRole('button')).not.toBeInTheDocument();
});
