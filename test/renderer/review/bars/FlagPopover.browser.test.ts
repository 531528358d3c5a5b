import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import FlagPopover from '../../../../renderer/review/bars/FlagPopover.svelte';
import { mount, provide } from '../../mounted/index.ts';

const field = page.getByRole('textbox', { name: /^Flag c1/ });
const propsOf = () => ({
  open: true,
  subject: 'c1',
  onflag: vi.fn<(comment: string | undefined) => void>(),
});

it('makes a new line with Shift and Enter, and flags with Enter alone', async () => {
  const props = propsOf();
  await mount(FlagPopover, props);
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('border{Shift>}{Enter}{/Shift}unclear ');
  expect(props.onflag).not.toHaveBeenCalled();
  await userEvent.keyboard('{Enter}');
  expect(props.onflag).toHaveBeenCalledExactlyOnceWith('border\nunclear');
  await expect.element(field).not.toBeInTheDocument();
});

it('flags without a comment', async () => {
  const props = propsOf();
  await mount(FlagPopover, props);
  await page.getByRole('dialog').getByRole('button', { name: 'Flag' }).click();
  expect(props.onflag).toHaveBeenCalledExactlyOnceWith(undefined);
});

it('does not flag when it is closed by Escape, and forgets what was typed', async () => {
  const props = propsOf();
  const stop = provide('verdict.flagged', () => undefined);
  await mount(FlagPopover, props);
  await field.fill('a thought');
  await userEvent.keyboard('{Escape}');
  await expect.element(field).not.toBeInTheDocument();
  expect(props.onflag).not.toHaveBeenCalled();
  await page.getByRole('button', { name: /^Flag/ }).click();
  await expect.element(field).toHaveValue('');
  stop();
});
