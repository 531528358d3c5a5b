import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { folders } from '../../../renderer/shared/folders.svelte.ts';
import StructureList from '../../../renderer/start/StructureList.svelte';
import { mount } from '../mounted/index.ts';
import { draftOf, previewOf } from './drafts.ts';

const name = (index: number) =>
  page.getByRole('textbox', { name: 'Name of the structure' }).nth(index);

it('takes a structure in or out', async () => {
  const draft = await draftOf(previewOf(3));
  await mount(StructureList, { draft });
  const lung = page.getByRole('checkbox', { name: 'Import lung' });
  await expect.element(lung).toBeChecked();
  await lung.click();
  expect(draft.wanted.map((row) => row.name)).toEqual(['heart']);
});

it('says that a name is taken or missing', async () => {
  await mount(StructureList, { draft: await draftOf(previewOf(3)) });
  await name(1).fill('lung');
  await expect.element(page.getByText('This name is taken.')).toBeVisible();
  await name(1).fill('');
  await expect.element(page.getByText('Give it a name.')).toBeVisible();
  await name(1).fill('heart');
  await expect.element(page.getByText('Give it a name.')).not.toBeInTheDocument();
});

it('lets only folders be renamed', async () => {
  const draft = await draftOf(previewOf(3, { format: 'coco' }));
  await mount(StructureList, { draft });
  await expect.element(name(0)).toHaveAttribute('readonly');
  await expect
    .element(page.getByRole('button', { name: 'Add a structure' }))
    .not.toBeInTheDocument();
});

it('adds a structure, names it after its folder, and takes it away again', async () => {
  vi.spyOn(folders, 'ask').mockResolvedValue('/data/masks/clavicle');
  const draft = await draftOf(previewOf(3));
  await mount(StructureList, { draft });
  await page.getByRole('button', { name: 'Add a structure' }).click();
  await page.getByRole('button', { name: 'Choose the folder of its masks' }).nth(2).click();
  await expect.element(name(2)).toHaveValue('clavicle');
  await page.getByRole('button', { name: 'Remove' }).nth(2).click();
  await expect.element(name(2)).not.toBeInTheDocument();
  expect(draft.rows).toHaveLength(2);
});

it('gives a structure another colour', async () => {
  const draft = await draftOf(previewOf(3));
  await mount(StructureList, { draft });
  await page.getByRole('button', { name: /^Colour of lung/ }).click();
  await page.getByRole('button', { name: '#b79bff', exact: true }).click();
  await userEvent.keyboard('{Escape}');
  expect(draft.rows[0].colour).toBe('#b79bff');
});
