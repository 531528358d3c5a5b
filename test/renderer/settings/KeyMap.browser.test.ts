import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { route } from '../../../renderer/shared/route.svelte.ts';
import KeyMap from '../../../renderer/settings/KeyMap.svelte';
import { mount } from '../mounted/index.ts';

const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });

it('opens on its key with the search in focus, finds an action, and leads to the settings', async () => {
  await mount(KeyMap, {});
  await userEvent.keyboard('?');
  const search = page.getByRole('searchbox', { name: 'Search actions' });
  await expect.element(search).toHaveFocus();
  await expect.element(dialog.getByText('Accept, and next')).toBeVisible();
  await userEvent.keyboard('exclude');
  await expect.element(dialog.getByText('Accept, and next')).not.toBeInTheDocument();
  await expect.element(dialog.getByText('Exclude, and next')).toBeVisible();
  await page.getByRole('button', { name: 'Change keys' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect([route.view, route.argument]).toEqual(['settings', 'keys']);
});
