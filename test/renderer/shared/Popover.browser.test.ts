import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Popover from '../../../renderer/shared/Popover.svelte';
import { mountAtButton, provide } from '../mounted/index.ts';

const open = page.getByRole('button', { name: 'Open' });
const popover = page.getByRole('dialog', { name: 'Fill' });

it('opens at its button, takes the focus in, and gives it back on Escape', async () => {
  await mountAtButton(Popover, { label: 'Fill' });
  await open.click();
  await expect.element(popover).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Inside' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(popover).not.toBeInTheDocument();
  await expect.element(open).toHaveFocus();
});

it('closes when one clicks elsewhere', async () => {
  await mountAtButton(Popover, { label: 'Fill' });
  await open.click();
  await expect.element(popover).toBeVisible();
  await userEvent.click(document.body, { position: { x: 900, y: 700 } });
  await expect.element(popover).not.toBeInTheDocument();
});

it('turns the keys of the screen off while it is open', async () => {
  const train = vi.fn();
  const stop = provide('go.train', train);
  await mountAtButton(Popover, { label: 'Fill', open: true });
  await expect.element(popover).toBeVisible();
  await userEvent.keyboard('{Control>}2{/Control}');
  expect(train).not.toHaveBeenCalled();
  stop();
});
