import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Tooltip from '../../../renderer/shared/Tooltip.svelte';
import { mountAtButton } from '../mounted/index.ts';

const text = page.getByText('Zoom in', { exact: false });

it('tells of a control, with its key, while the pointer is on it', async () => {
  await mountAtButton(Tooltip, { text: 'Zoom in', action: 'view.in' });
  const control = page.getByRole('button', { name: 'Inside' });
  await expect.element(text).not.toBeInTheDocument();
  await userEvent.hover(control);
  await expect.element(text).toBeVisible();
  await expect.element(page.getByText('+', { exact: true })).toBeVisible();
  await userEvent.hover(document.body, { position: { x: 900, y: 700 } });
  await expect.element(text).not.toBeInTheDocument();
});

it('tells of it when the keyboard comes to it, and goes on Escape', async () => {
  await mountAtButton(Tooltip, { text: 'Zoom in' });
  await userEvent.tab();
  await expect.element(text).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(text).not.toBeInTheDocument();
});
