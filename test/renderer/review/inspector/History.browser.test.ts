import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { LabelWork } from '../../../../renderer/drawing/types.ts';
import History from '../../../../renderer/review/inspector/History.svelte';
import { mount } from '../../mounted/index.ts';
import { detailOf, revisionOf, rowOf } from '../cases.ts';

const label = (strokes: number): LabelWork => ({
  structure: { name: 'heart', colour: '#e69f00' },
  mask: null,
  proposal: null,
  strokes,
  visible: true,
  fill: 0,
  outline: 1,
});
const propsOf = (strokes = 0) => ({
  detail: detailOf(rowOf(1)),
  label: label(strokes),
  revisions: [revisionOf(3), revisionOf(2, { mask: null }), revisionOf(1)],
  onpreview: vi.fn<(on: boolean) => void>(),
  onrestore: vi.fn<(revision: number) => void>(),
  writable: true,
});
const item = page.getByRole('listitem');
const restore = page.getByRole('button', { name: 'Restore' });
const hold = page.getByRole('button', { name: /^Show this revision/ });

it('lists the revisions, the newest first, and restores an older one', async () => {
  const props = propsOf();
  await mount(History, props);
  await expect.element(item.nth(0)).toHaveTextContent(/^Fixed Ada/);
  await expect.element(item.nth(1)).toHaveTextContent(/^Removed/);
  await expect.element(item.nth(2)).toHaveTextContent(/^Imported/);
  expect(restore.elements()).toHaveLength(1);
  await restore.click();
  expect(props.onrestore).toHaveBeenCalledExactlyOnceWith(1);
});

it('counts the changes since the newest revision, and lets it be restored', async () => {
  const props = propsOf(2);
  await mount(History, props);
  await expect.element(item.nth(0)).toHaveTextContent(/^2 changes/);
  await restore.first().click();
  expect(props.onrestore).toHaveBeenCalledExactlyOnceWith(3);
});

it('shows a revision while space is held down on its button, or until the button loses the focus', async () => {
  const props = propsOf(1);
  await mount(History, props);
  (hold.element() as HTMLElement).focus();
  await userEvent.keyboard('{ >}');
  expect(props.onpreview).toHaveBeenLastCalledWith(true);
  await userEvent.keyboard('{/ }');
  expect(props.onpreview).toHaveBeenLastCalledWith(false);
  await userEvent.keyboard('{ >}');
  expect(props.onpreview).toHaveBeenLastCalledWith(true);
  await userEvent.tab();
  expect(props.onpreview).toHaveBeenLastCalledWith(false);
  await userEvent.keyboard('{/ }');
});

it('restores nothing in a project that cannot be written', async () => {
  await mount(History, { ...propsOf(), writable: false });
  await expect.element(restore).toBeDisabled();
});

it('says that nobody drew the structure, once that is known', async () => {
  const change = await mount(History, { ...propsOf(), revisions: null });
  const nobody = page.getByText(/^Nobody drew the heart/);
  await expect.element(nobody).not.toBeInTheDocument();
  await change({ revisions: [] });
  await expect.element(nobody).toBeVisible();
});
