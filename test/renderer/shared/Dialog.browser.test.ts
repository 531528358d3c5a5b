import { afterEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Dialog from '../../../renderer/shared/Dialog.svelte';
import { inside, mount, provide } from '../mounted/index.ts';

const dialog = page.getByRole('dialog', { name: 'Export' });
const props = {
  title: 'Export',
  description: 'Where to?',
  children: inside('<label>Folder <input></label>'),
  footer: inside('<button>Write</button>'),
};

describe('a dialog', () => {
  let opener: HTMLButtonElement | null = null;
  afterEach(() => opener?.remove());

  it('closes on Escape and gives the focus back', async () => {
    opener = document.createElement('button');
    document.body.append(opener);
    opener.focus();
    const change = await mount(Dialog, { ...props, open: false });
    await change({ open: true });
    await expect.element(dialog).toBeVisible();
    await expect.poll(() => document.activeElement).not.toBe(opener);
    await userEvent.keyboard('{Escape}');
    await expect.element(dialog).not.toBeInTheDocument();
    await expect.poll(() => document.activeElement).toBe(opener);
  });

  it('keeps the focus inside, from the last button to the first', async () => {
    await mount(Dialog, { ...props, open: true });
    const close = page.getByRole('button', { name: 'Close' });
    await expect.element(close).toHaveFocus();
    await userEvent.tab();
    await expect.element(page.getByRole('textbox')).toHaveFocus();
    await userEvent.tab();
    await expect.element(page.getByRole('button', { name: 'Write' })).toHaveFocus();
    await userEvent.tab();
    await expect.element(close).toHaveFocus();
  });

  it('closes by its button and is described', async () => {
    await mount(Dialog, { ...props, open: true });
    await expect.element(dialog).toHaveAccessibleDescription('Where to?');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.element(dialog).not.toBeInTheDocument();
  });

  it('turns the keys of the screen behind it off while it is open', async () => {
    const train = vi.fn();
    const stop = provide('go.train', train);
    await mount(Dialog, { ...props, open: true });
    await userEvent.keyboard('{Control>}2{/Control}');
    expect(train).not.toHaveBeenCalled();
    await userEvent.keyboard('{Escape}');
    await expect.element(dialog).not.toBeInTheDocument();
    await userEvent.keyboard('{Control>}2{/Control}');
    expect(train).toHaveBeenCalledOnce();
    stop();
  });
});
