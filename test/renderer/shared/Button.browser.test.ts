import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import Button from '../../../renderer/shared/Button.svelte';
import IconButton from '../../../renderer/shared/IconButton.svelte';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { inside, mount, provide } from '../mounted/index.ts';

const button = page.getByRole('button');
const key = (): string | null | undefined => document.querySelector('kbd')?.textContent;

it('runs its action, shows its key, and is off where the action does nothing', async () => {
  await mount(Button, { action: 'verdict.accepted', children: inside('<span>Accept</span>') });
  await expect.element(button).toBeDisabled();
  const run = vi.fn();
  const stop = provide('verdict.accepted', run);
  await button.click();
  expect(run).toHaveBeenCalledOnce();
  expect(key()).toBe('A');
  stop();
  await expect.element(button).toBeDisabled();
});

it('shows the key that the person chose, or none', async () => {
  const settings = {
    theme: 'dark',
    reviewer: null,
    backend: null,
    blindChecks: true,
    clickModel: null,
  } as const;
  session.settings = { ...settings, keys: { 'verdict.accepted': 'P' } };
  await mount(Button, { action: 'verdict.accepted', children: inside('<span>Accept</span>') });
  await expect.poll(key).toBe('P');
  session.settings = { ...settings, keys: { 'verdict.accepted': '' } };
  await expect.poll(key).toBeUndefined();
});

it('gives an icon an accessible name, and says whether it is pressed', async () => {
  const onclick = vi.fn();
  const props = { label: 'Brush', onclick, children: inside('<svg></svg>') };
  const change = await mount(IconButton, props);
  await expect.element(button).toHaveAccessibleName('Brush');
  await expect.element(button).not.toHaveAttribute('aria-pressed');
  await button.click();
  expect(onclick).toHaveBeenCalledOnce();
  await change({ pressed: true });
  await expect.element(button).toHaveAttribute('aria-pressed', 'true');
});
