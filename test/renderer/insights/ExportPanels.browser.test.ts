import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import ExportPanels from '../../../renderer/insights/ExportPanels.svelte';
import { Exports } from '../../../renderer/insights/exports.svelte.ts';
import { client } from '../../../renderer/shared/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf, provide, taskOf } from '../mounted/index.ts';

const formats = [
  { format: 'folders', name: 'Folders', holds: 'a mask for each label', own: true },
  { format: 'coco', name: 'COCO', holds: 'one file of polygons', own: false },
];

function exportsOf(): Exports {
  session.project = projectOf();
  const exports = new Exports();
  exports.formats = formats;
  return exports;
}

it('proposes a folder, says what a format holds, and exports', async () => {
  const exports = exportsOf();
  const run = vi.fn();
  const stop = provide('export', run);
  await mount(ExportPanels, { exports });
  const folder = page.getByRole('textbox', { name: 'New folder' });
  await expect.element(folder).toHaveValue('/data/chest-corrected');
  await page.getByRole('combobox', { name: 'Format' }).selectOptions('COCO');
  await expect.element(page.getByText('one file of polygons')).toBeVisible();
  expect(exports.format).toBe('coco');
  const button = page.getByRole('button', { name: /^Export\b/ });
  await folder.fill('');
  await expect.element(button).toBeDisabled();
  await folder.fill('/data/out');
  await button.click();
  expect(run).toHaveBeenCalledOnce();
  stop();
});

it('shows the export while it runs, and its result', async () => {
  const exports = exportsOf();
  exports.exported = 't1';
  session.tasks = [taskOf()];
  await mount(ExportPanels, { exports });
  await expect.element(page.getByRole('progressbar', { name: 'Export of chest' })).toBeVisible();
  const result = {
    out: '/data/out',
    cases: 9,
    found: 4,
    corrected: 2,
    excludedLabels: 1,
    excludedCases: 1,
    notices: [],
  };
  session.tasks = [taskOf({ state: 'done', result })];
  const status = page.getByRole('status').first();
  await expect
    .element(status)
    .toHaveTextContent(/9 cases written to \/data\/out, 2 labels\s+corrected, 1 label left out/);
  session.tasks = [taskOf({ state: 'failed', error: 'The folder is not empty.' })];
  await expect.element(page.getByRole('alert')).toHaveTextContent('The folder is not empty.');
});

it('proposes another folder after an export, and says that the last one is filled', async () => {
  const exports = exportsOf();
  exports.exported = 't1';
  const run = vi.fn();
  const stop = provide('export', run);
  const result = {
    ...{ out: '/data/chest-corrected', cases: 9, found: 4, corrected: 2 },
    ...{ excludedLabels: 0, excludedCases: 0, notices: [] },
  };
  session.tasks = [taskOf({ state: 'done', result })];
  await mount(ExportPanels, { exports });
  const folder = page.getByRole('textbox', { name: 'New folder' });
  const button = page.getByRole('button', { name: /^Export\b/ });
  await expect.element(folder).toHaveValue('/data/chest-corrected-2');
  await expect.element(button).toBeEnabled();
  await folder.fill('/data/chest-corrected');
  await expect
    .element(folder)
    .toHaveAccessibleDescription('The last export filled this folder: name a new one.');
  await expect.element(button).toBeDisabled();
  await folder.fill('/data/other');
  await expect.element(button).toBeEnabled();
  await expect.element(folder).toHaveAccessibleDescription('');
  stop();
});

it('exports changed images, too, if the person asks for it', async () => {
  const exports = exportsOf();
  const asked = vi.spyOn(client, 'exportDataset').mockResolvedValue(taskOf());
  await mount(ExportPanels, { exports });
  await exports.write();
  expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ changedImages: false }));
  await page.getByRole('switch', { name: 'Export changed images, too' }).click();
  await exports.write();
  expect(asked).toHaveBeenLastCalledWith(expect.objectContaining({ changedImages: true }));
  asked.mockRestore();
});

it('does not offer changed images of a project that comes from elsewhere', async () => {
  const exports = exportsOf();
  session.project = { ...projectOf(), trusted: false };
  await mount(ExportPanels, { exports });
  await expect.element(page.getByRole('switch', { name: /^Link images/ })).toBeVisible();
  expect(page.getByRole('switch', { name: 'Export changed images, too' }).elements()).toEqual([]);
});

it('packs the images with the project if the switch is on', async () => {
  const exports = exportsOf();
  await mount(ExportPanels, { exports });
  await expect
    .element(page.getByRole('textbox', { name: 'New file' }))
    .toHaveValue('/data/chest.overread.zip');
  await page.getByRole('switch', { name: 'Include images' }).click();
  expect(exports.images).toBe(true);
  exports.packed = 't1';
  const result = { file: '/data/chest.overread.zip', bytes: 2_500_000, cases: 10, images: true };
  session.tasks = [taskOf({ kind: 'pack', state: 'done', result })];
  await expect
    .element(page.getByText(/10 cases with their images packed into/))
    .toHaveTextContent('2.5 MB');
});
