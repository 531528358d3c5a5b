import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import PassingOn from '../../../renderer/insights/PassingOn.svelte';
import { Passing } from '../../../renderer/insights/passing.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount, projectOf, provide, taskOf } from '../mounted/index.ts';

const formats = [
  { format: 'folders', name: 'Folders', holds: 'a mask for each label', own: true },
  { format: 'coco', name: 'COCO', holds: 'one file of polygons', own: false },
];

function passingOf(): Passing {
  session.project = projectOf();
  const passing = new Passing();
  passing.formats = formats;
  return passing;
}

it('proposes a folder, says what a format holds, and exports', async () => {
  const passing = passingOf();
  const run = vi.fn();
  const stop = provide('export', run);
  await mount(PassingOn, { passing });
  const folder = page.getByRole('textbox', { name: 'New folder' });
  await expect.element(folder).toHaveValue('/data/chest-corrected');
  await page.getByRole('combobox', { name: 'Format' }).selectOptions('COCO');
  await expect.element(page.getByText('one file of polygons')).toBeVisible();
  expect(passing.format).toBe('coco');
  const button = page.getByRole('button', { name: /^Export/ });
  await folder.fill('');
  await expect.element(button).toBeDisabled();
  await folder.fill('/data/out');
  await button.click();
  expect(run).toHaveBeenCalledOnce();
  stop();
});

it('shows the export while it runs, and what came of it', async () => {
  const passing = passingOf();
  passing.exported = 't1';
  session.tasks = [taskOf()];
  await mount(PassingOn, { passing });
  await expect.element(page.getByRole('progressbar', { name: 'Export of chest' })).toBeVisible();
  const result = {
    out: '/data/out',
    cases: 9,
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

it('packs the project with its images where one says so', async () => {
  const passing = passingOf();
  await mount(PassingOn, { passing });
  await expect
    .element(page.getByRole('textbox', { name: 'New file' }))
    .toHaveValue('/data/chest.overread.zip');
  await page.getByRole('switch', { name: 'With the images' }).click();
  expect(passing.images).toBe(true);
  passing.packed = 't1';
  const result = { file: '/data/chest.overread.zip', bytes: 2_500_000, cases: 10, images: true };
  session.tasks = [taskOf({ kind: 'pack', state: 'done', result })];
  await expect
    .element(page.getByText(/10 cases with their images packed into/))
    .toHaveTextContent('2.5 MB');
});
