import { beforeEach, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { FolderListing } from '../../../audit/contract/api.ts';
import { client } from '../../../renderer/shared/api.ts';
import FolderPicker from '../../../renderer/shared/FolderPicker.svelte';
import { folders } from '../../../renderer/shared/folders.svelte.ts';
import { mount } from '../mounted/index.ts';

const folder = (name: string, change: Partial<FolderListing['folders'][number]> = {}) => ({
  name,
  path: `/home/ada/${name}`,
  files: 3,
  folders: 1,
  more: false,
  project: false,
  ...change,
});
const home: FolderListing = {
  path: '/home/ada',
  parent: '/home',
  home: '/home/ada',
  roots: ['/'],
  folders: [
    folder('chest'),
    folder('old.overread', { project: true }),
    folder('locked', { files: null }),
  ],
  files: 2,
  truncated: false,
};
const row = (name: RegExp) =>
  page.getByRole('group', { name: 'Folders' }).getByRole('button', { name });
const path = page.getByRole('textbox', { name: /^Path/ });

beforeEach(() => {
  vi.spyOn(client, 'folders').mockImplementation((asked) => {
    if (asked === '/nowhere') return Promise.reject(new Error('There is no such folder.'));
    return Promise.resolve(asked === undefined ? home : { ...home, path: asked, folders: [] });
  });
});

it('begins at home, goes into a folder, and gives the one that is shown', async () => {
  await mount(FolderPicker, {});
  const answer = folders.ask({ title: 'Folder of the dataset', kind: 'folder' });
  await expect.element(row(/^chest/)).toHaveTextContent('1 folder, 3 files');
  await expect.element(row(/^locked/)).toBeDisabled();
  await row(/^chest/).click();
  await expect.element(path).toHaveValue('/home/ada/chest');
  await page.getByRole('button', { name: 'Choose this folder' }).click();
  expect(await answer).toBe('/home/ada/chest');
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
});

it('moves through the folders with the arrows', async () => {
  await mount(FolderPicker, {});
  void folders.ask({ title: 'Folder', kind: 'folder' });
  await expect.element(row(/^chest/)).toBeVisible();
  (row(/^chest/).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(row(/^old/)).toHaveFocus();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(row(/^chest/)).toHaveFocus();
});

it('opens a project at once where a project is asked for', async () => {
  await mount(FolderPicker, {});
  const answer = folders.ask({ title: 'Open a project', kind: 'project' });
  await row(/^old/).click();
  expect(await answer).toBe('/home/ada/old.overread');
});

it('says why a typed path cannot be shown, and keeps what was shown', async () => {
  await mount(FolderPicker, {});
  void folders.ask({ title: 'Folder', kind: 'folder' });
  await expect.element(row(/^chest/)).toBeVisible();
  await path.fill('/nowhere');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('There is no such folder.');
  await expect.element(row(/^chest/)).toBeVisible();
});

it('takes a name for a new folder, but no path', async () => {
  await mount(FolderPicker, {});
  const answer = folders.ask({ title: 'Where it goes', kind: 'new', name: 'out' });
  const name = page.getByRole('textbox', { name: 'New folder' });
  const use = page.getByRole('button', { name: 'Use this name' });
  await expect.element(name).toHaveValue('out');
  await name.fill('a/b');
  await expect.element(use).toBeDisabled();
  await name.fill('corrected');
  await use.click();
  expect(await answer).toBe('/home/ada/corrected');
});

it('gives nothing when it is closed by Escape', async () => {
  await mount(FolderPicker, {});
  const answer = folders.ask({ title: 'Folder', kind: 'folder' });
  await expect.element(row(/^chest/)).toBeVisible();
  await userEvent.keyboard('{Escape}');
  expect(await answer).toBeNull();
});
