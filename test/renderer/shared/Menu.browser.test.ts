import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Menu from '../../../renderer/shared/Menu.svelte';
import { mountAtButton, provide } from '../mounted/index.ts';

const open = page.getByRole('button', { name: 'Open' });
const item = (name: string, role: 'menuitem' | 'menuitemcheckbox' = 'menuitem') =>
  page.getByRole(role, { name });

it('opens from the keyboard, moves with the arrows and runs what is chosen', async () => {
  const [one, two] = [vi.fn(), vi.fn()];
  const items = [
    { label: 'Grow', run: one },
    { label: 'Shrink', run: two },
  ];
  await mountAtButton(Menu, { groups: [{ heading: 'Label', items }] });
  (open.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(item('Grow')).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(item('Shrink')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(two).toHaveBeenCalledOnce();
  expect(one).not.toHaveBeenCalled();
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
});

it('closes on Escape, runs nothing and gives the focus back', async () => {
  const run = vi.fn();
  await mountAtButton(Menu, { groups: [{ items: [{ label: 'Grow', run }] }] });
  await open.click();
  await expect.element(item('Grow')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  await expect.element(open).toHaveFocus();
  expect(run).not.toHaveBeenCalled();
});

it('says what is on, and switches it', async () => {
  const run = vi.fn();
  const items = [
    { label: 'Worst first', checked: true, run: () => undefined },
    { label: 'By name', checked: false, run },
  ];
  await mountAtButton(Menu, { groups: [{ items }] });
  await open.click();
  await expect.element(item('Worst first', 'menuitemcheckbox')).toBeChecked();
  await expect.element(item('By name', 'menuitemcheckbox')).not.toBeChecked();
  await item('By name', 'menuitemcheckbox').click();
  expect(run).toHaveBeenCalledOnce();
});

it('runs an action of the table where the action does something, and is off elsewhere', async () => {
  const fill = vi.fn();
  const stop = provide('label.fill', fill);
  const items = [
    { label: 'Fill holes', action: 'label.fill' },
    { label: 'Smooth', action: 'label.smooth' },
  ];
  await mountAtButton(Menu, { groups: [{ items }] });
  await open.click();
  await expect.element(item('Smooth')).toHaveAttribute('aria-disabled', 'true');
  await item('Fill holes').click();
  expect(fill).toHaveBeenCalledOnce();
  stop();
});
