import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Unpack from '../../../renderer/start/Unpack.svelte';
import { mount, taskOf } from '../mounted/index.ts';

it('proposes a folder beside the file, unpacks into it, and shows what failed', async () => {
  const task = taskOf({ id: 'u1', kind: 'unpack', title: 'Unpacking' });
  const unpack = vi.spyOn(client, 'unpackProject').mockResolvedValue(task);
  await mount(Unpack, { open: true, packed: null });
  const button = page.getByRole('button', { name: 'Unpack', exact: true });
  await expect.element(button).toBeDisabled();
  await page.getByRole('textbox', { name: 'Packed project' }).fill('/data/chest.overread.zip');
  const folder = page.getByRole('textbox', { name: 'New folder' });
  await expect.element(folder).toHaveValue('/data/chest.overread');
  await button.click();
  expect(unpack).toHaveBeenCalledWith('/data/chest.overread.zip', '/data/chest.overread');
  session.tasks = [task];
  await expect.element(page.getByRole('progressbar', { name: 'Unpacking' })).toBeVisible();
  await expect.element(button).toBeDisabled();
  session.tasks = [{ ...task, state: 'failed', error: 'It is no project.' }];
  await expect.element(page.getByRole('alert')).toHaveTextContent('It is no project.');
});
