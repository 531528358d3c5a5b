import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { PIXEL_HEADERS } from '../../../../audit/contract/api.ts';
import ToolBar from '../../../../renderer/review/bars/ToolBar.svelte';
import { notices } from '../../../../renderer/shared/notices.svelte.ts';
import { session } from '../../../../renderer/shared/session.svelte.ts';
import { mount, projectOf } from '../../mounted/index.ts';
import { detailOf, imageAnswer, maskOf, openReview, rowOf, rowsOf } from '../cases.ts';

const bar = page.getByRole('toolbar', { name: 'Tools' });
const button = (name: RegExp | string) => bar.getByRole('button', { name });
const item = (name: RegExp | string) => page.getByRole('menuitem', { name });
const count = (mask: Uint8Array | null | undefined): number =>
  mask?.reduce((sum, value) => sum + value, 0) ?? -1;

it('takes a tool by click and by key, one at a time', async () => {
  const { casework } = await openReview();
  await mount(ToolBar, { casework });
  await button('Brush').click();
  await expect.element(button('Brush')).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('e');
  await expect.element(button('Eraser')).toHaveAttribute('aria-pressed', 'true');
  await expect.element(button('Brush')).toHaveAttribute('aria-pressed', 'false');
  expect(casework.editor.tool).toBe('eraser');
});

it('changes the whole label from its menu, undoes it and does it again', async () => {
  const { casework, server } = await openReview();
  await mount(ToolBar, { casework });
  const heart = casework.opened.labels[1];
  await expect.element(button('Undo')).toBeDisabled();
  await button('Change the whole label').click();
  await item(/^Grow by a pixel/).click();
  await expect.poll(() => count(heart.mask)).toBeGreaterThan(30);
  await expect.poll(() => server.asked('POST /api/cases/c1/labels/heart/strokes')).toHaveLength(1);
  await button('Undo').click();
  expect(heart.mask).toEqual(maskOf());
  await expect.element(button('Undo')).toBeDisabled();
  await button('Redo').click();
  expect(count(heart.mask)).toBeGreaterThan(30);
  await expect.element(button('Redo')).toBeDisabled();
});

it('takes the whole proposal of the model for the structure that is drawn', async () => {
  const { casework } = await openReview();
  await mount(ToolBar, { casework });
  await button(/proposal for the heart/).click();
  await expect.poll(() => casework.opened.labels[1].mask).toEqual(maskOf(1));
  expect(casework.opened.labels[0].mask).toEqual(maskOf());
});

it('offers no proposal if there is no model', async () => {
  const routes = { 'GET /api/cases/:id': () => detailOf(rowOf(1), { proposal: false }) };
  const { casework } = await openReview(rowsOf(1), { routes });
  await mount(ToolBar, { casework });
  await expect.element(button(/proposal for the heart/)).toBeDisabled();
});

it('swaps the drawn structure with another', async () => {
  const { casework } = await openReview();
  await mount(ToolBar, { casework });
  await casework.editor.apply('clear');
  await button('Change the whole label').click();
  await item('Swap with the lung').click();
  await expect.poll(() => count(casework.opened.labels[0].mask)).toBe(0);
  expect(casework.opened.labels[1].mask).toEqual(maskOf());
});

const choice = (name: string) => page.getByRole('menuitemcheckbox', { name });

it('sets windows, among them those that the file proposes', async () => {
  const windows = encodeURIComponent(JSON.stringify([{ name: 'Bone', low: 40, high: 140 }]));
  const routes = {
    'GET /api/cases/:id/image': () => imageAnswer({ [PIXEL_HEADERS.windows]: windows }),
  };
  const { casework } = await openReview(rowsOf(1), { routes });
  await mount(ToolBar, { casework });
  const { stage } = casework.opened;
  await button('Window and zoom').click();
  await choice('Darker half').click();
  expect(stage.window).toEqual({ low: 0, high: 100, invert: false });
  await button('Window and zoom').click();
  await choice('Bone').click();
  expect(stage.window).toEqual({ low: 40, high: 140, invert: false });
  await userEvent.keyboard('i');
  await button('Window and zoom').click();
  const invert = page.getByRole('menuitemcheckbox', { name: /^Invert/ });
  await expect.element(invert).toHaveAttribute('aria-checked', 'true');
  await invert.click();
  expect(stage.window.invert).toBe(false);
});

it('says why nothing can be drawn in a project of somebody else', async () => {
  const { casework } = await openReview();
  session.project = projectOf({ writable: false, readOnlyBecause: 'Grace has it open.' });
  await mount(ToolBar, { casework });
  await button('Change the whole label').click();
  await item(/^Fill holes/).click();
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['Grace has it open.']);
  expect(casework.opened.labels[1].mask).toEqual(maskOf());
});
