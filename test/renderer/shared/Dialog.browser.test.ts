import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page, userEvent } from 'vitest/browser';
import Dialog from '../../../renderer/shared/Dialog.svelte';

it('closes on Escape', async () => {
  await render(Dialog, { open: true, title: 'Export' });
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await expect.element(dialog).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
});
