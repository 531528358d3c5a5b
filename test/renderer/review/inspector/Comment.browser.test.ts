import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import Comment from '../../../../renderer/review/inspector/Comment.svelte';
import { notices } from '../../../../renderer/shared/notices.svelte.ts';
import { mount } from '../../mounted/index.ts';
import { refusal, serve } from '../../mounted/server.ts';

const ROUTE = 'PUT /api/cases/:id/labels/:structure/comment';
const field = page.getByRole('textbox', { name: /^Comment on the/ });
const propsOf = (comment: string | null = null) => ({
  caseId: 'c1',
  structure: 'heart',
  comment,
  writable: true,
  onbegin: vi.fn<() => void>(),
});

it('opens by its key, saves with Enter, and makes a line with Shift and Enter', async () => {
  const server = serve({ [ROUTE]: () => ({}) });
  const props = propsOf();
  await mount(Comment, props);
  await userEvent.keyboard('c');
  await expect.element(field).toHaveFocus();
  expect(props.onbegin).toHaveBeenCalledOnce();
  await userEvent.keyboard('too{Shift>}{Enter}{/Shift}large {Enter}');
  await expect.element(field).not.toHaveFocus();
  await expect
    .poll(() => server.sent('PUT /api/cases/c1/labels/heart/comment'))
    .toEqual([{ text: 'too\nlarge' }]);
});

it('saves what is typed when the person leaves the field, but only if it changed', async () => {
  const server = serve({ [ROUTE]: () => ({}) });
  await mount(Comment, propsOf('unclear'));
  await expect.element(field).toHaveValue('unclear');
  await field.fill('unclear ');
  await userEvent.tab();
  await field.fill('clear');
  await userEvent.tab();
  await expect
    .poll(() => server.sent('PUT /api/cases/c1/labels/heart/comment'))
    .toEqual([{ text: 'clear' }]);
});

it('discards what was typed on Escape', async () => {
  const server = serve({ [ROUTE]: () => ({}) });
  await mount(Comment, propsOf('unclear'));
  await field.fill('nonsense');
  await userEvent.keyboard('{Escape}');
  await expect.element(field).toHaveValue('unclear');
  await expect.element(field).not.toHaveFocus();
  expect(server.asked('PUT /api/cases/c1/labels/heart/comment')).toHaveLength(0);
});

it('saves what was typed for the label it was typed for when another one comes', async () => {
  const server = serve({ [ROUTE]: () => ({}) });
  const change = await mount(Comment, propsOf());
  await field.fill('of the heart');
  await change({ structure: 'lung', comment: null });
  await expect
    .poll(() => server.sent('PUT /api/cases/c1/labels/heart/comment'))
    .toEqual([{ text: 'of the heart' }]);
  await expect.element(field).toHaveValue('');
  expect(server.asked('PUT /api/cases/c1/labels/lung/comment')).toHaveLength(0);
});

it('saves once when the field is left for another label at the same time', async () => {
  let answer: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (answer = resolve));
  const server = serve({ [ROUTE]: () => held.then(() => ({})) });
  const change = await mount(Comment, propsOf());
  await field.fill('of the heart');
  await userEvent.tab();
  await change({ structure: 'lung', comment: null });
  await expect.element(page.getByRole('textbox', { name: /lung$/ })).toHaveValue('');
  expect(server.asked('PUT /api/cases/c1/labels/heart/comment')).toHaveLength(1);
  answer?.();
});

it('keeps what was typed when it could not be saved, and says why', async () => {
  serve({ [ROUTE]: () => refusal(409, 'The label was removed.', 'conflict') });
  await mount(Comment, propsOf());
  await field.fill('lost?');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => notices.list.map(({ text }) => text)).toEqual(['The label was removed.']);
  await expect.element(field).toHaveValue('lost?');
});

it('only shows the comment if the project cannot be written', async () => {
  await mount(Comment, { ...propsOf('unclear'), writable: false });
  await expect.element(field).toHaveAttribute('readonly');
  await userEvent.keyboard('c');
  await expect.element(field).not.toHaveFocus();
});
