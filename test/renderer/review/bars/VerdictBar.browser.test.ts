import { expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import VerdictBar from '../../../../renderer/review/bars/VerdictBar.svelte';
import { notices } from '../../../../renderer/shared/notices.svelte.ts';
import { mount } from '../../mounted/index.ts';
import { openReview, rowOf, rowsOf } from '../cases.ts';

const button = (name: RegExp) => page.getByRole('toolbar').getByRole('button', { name });

it('accepts and excludes the case on the stage by click and by key, and goes to the next', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await button(/^Accept/).click();
  expect(review.row?.case).toBe('c2');
  await userEvent.keyboard('x');
  expect(review.row?.case).toBe('c3');
  await expect.poll(() => world.verdicts).toEqual(['c1: accepted', 'c2: excluded']);
});

it('says what to do when a case is saved as fixed but nothing was drawn', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await button(/^Save fix/).click();
  expect(review.row?.case).toBe('c1');
  expect(notices.list.at(-1)?.text).toMatch(/^Nothing was changed on c1/);
  expect(world.verdicts).toEqual([]);
});

it('saves a drawn label as fixed, and the other as accepted', async () => {
  const { review, casework, world, server } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await casework.editor.apply('grow');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => world.verdicts).toEqual(['c1 heart: fixed', 'c1: accepted']);
  expect(server.asked('POST /api/cases/c1/labels/heart/strokes')).toHaveLength(1);
  expect(server.sent('POST /api/cases/c1/labels/heart/strokes/fold')).toEqual([
    { reason: 'fixed' },
  ]);
});

it('shows the verdict of a judged case, and clears it', async () => {
  const labels = rowOf(1).labels.map((label) => ({ ...label, verdict: 'excluded' as const }));
  const rows = [rowOf(1, { verdict: 'excluded', labels }), rowOf(2)];
  const { review, casework, world } = await openReview(rows);
  await review.go(0);
  await mount(VerdictBar, { review, casework, flagging: false });
  await expect.element(page.getByText('excluded', { exact: false }).first()).toBeVisible();
  await button(/^Clear the verdict/).click();
  await expect.element(button(/^Clear the verdict/)).not.toBeInTheDocument();
  await expect.poll(() => world.verdicts).toEqual(['c1: none']);
});

it('judges all selected rows at once, and clears the selection', async () => {
  const { review, casework, world } = await openReview();
  review.queue.toggle(0);
  await review.queue.selectTo(2);
  await mount(VerdictBar, { review, casework, flagging: false });
  const bar = page.getByRole('toolbar');
  await expect.element(bar).toHaveTextContent('3 cases selected');
  await expect.element(button(/^Save fix/)).not.toBeInTheDocument();
  await button(/^Exclude/).click();
  await expect.element(bar).not.toHaveTextContent('selected');
  await expect.poll(() => world.verdicts).toEqual(['c1, c2, c3: excluded']);
  review.queue.toggle(4);
  await expect.element(bar).toHaveTextContent('1 case selected');
  await userEvent.keyboard('{Escape}');
  await expect.element(bar).not.toHaveTextContent('selected');
});

it('flags with a comment', async () => {
  const flag = vi.fn();
  const { review, casework, world } = await openReview(undefined, { flag });
  const change = await mount(VerdictBar, { review, casework, flagging: false });
  await userEvent.keyboard('f');
  expect(flag).toHaveBeenCalledOnce();
  await change({ flagging: true });
  const field = page.getByRole('textbox', { name: /^Flag c1/ });
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('lower border{Enter}');
  await expect.poll(() => world.verdicts).toEqual(['c1: flagged: lower border']);
  expect(review.row?.case).toBe('c2');
});

it('says that nothing was changed after a stroke that was undone', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await casework.editor.apply('grow');
  casework.editor.undo();
  await userEvent.keyboard('{Enter}');
  expect(notices.list.at(-1)?.text).toMatch(/^Nothing was changed on c1/);
  await userEvent.keyboard('a');
  await expect.poll(() => world.verdicts).toEqual(['c1: accepted']);
});

it('says before and after a verdict which labels it judges, and takes it back', async () => {
  const { review, casework, world, server } = await openReview();
  server.answer({ 'POST /api/verdicts/undo': () => ({ undo: null, changed: [] }) });
  await mount(VerdictBar, { review, casework, flagging: false });
  const bar = page.getByRole('toolbar');
  await expect.element(bar).toHaveAccessibleDescription('A verdict judges the lung and the heart.');
  await userEvent.keyboard('x');
  expect(notices.list.at(-1)?.text).toBe('c1: the lung and the heart are excluded.');
  notices.list.at(-1)?.action?.run();
  await expect.poll(() => server.sent('POST /api/verdicts/undo')).toEqual([{ undo: 'u1' }]);
  await expect.poll(() => notices.list.at(-1)?.text).toBe('The verdict on c1 is undone.');
  expect(notices.list).toHaveLength(1);
  expect(world.verdicts).toEqual(['c1: excluded']);
});

it('judges only the active structure, then the rest of the case', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  const bar = page.getByRole('toolbar');
  await userEvent.keyboard('1');
  await button(/^Only the lung/).click();
  await expect.element(bar).toHaveAccessibleDescription('A verdict judges only the lung.');
  await userEvent.keyboard('x');
  expect(review.row?.case).toBe('c1');
  await expect.element(bar).toHaveAccessibleDescription('A verdict judges the heart.');
  await userEvent.keyboard('2{Shift>}l{/Shift}');
  await expect.element(button(/^Only the heart/)).toHaveAttribute('aria-pressed', 'true');
  await userEvent.keyboard('a');
  expect(review.row?.case).toBe('c2');
  await expect.poll(() => world.verdicts).toEqual(['c1 lung: excluded', 'c1 heart: accepted']);
});

it('says what is hidden, and does not accept it', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await userEvent.keyboard('{Alt>}1{/Alt}');
  await expect
    .element(page.getByRole('toolbar').getByRole('status'))
    .toHaveTextContent('The lung is hidden and is not accepted.');
  await userEvent.keyboard('a');
  await expect.poll(() => world.verdicts).toEqual(['c1 heart: accepted']);
  await userEvent.keyboard('h');
  await userEvent.keyboard('a');
  expect(review.row?.case).toBe('c2');
  expect(notices.list.at(-1)?.text).toMatch(/^The lung and the heart are hidden/);
  await userEvent.keyboard('x');
  await expect.poll(() => world.verdicts.at(-1)).toBe('c2: excluded');
});

it('keeps an unfinished polygon when a verdict key is pressed', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  casework.editor.tool = 'polygon';
  for (const [x, y] of [
    [2, 2],
    [8, 2],
    [8, 8],
  ]) {
    casework.editor.drawing.down({ x, y, pressure: null }, false);
  }
  await userEvent.keyboard('a');
  await userEvent.keyboard('x');
  expect(review.row?.case).toBe('c1');
  expect(casework.editor.drawing.draft?.points).toHaveLength(3);
  expect(notices.list.at(-1)?.text).toMatch(/^The polygon is not finished/);
  notices.list.at(-1)?.action?.run();
  await userEvent.keyboard('a');
  await expect.poll(() => world.verdicts).toEqual(['c1 heart: fixed', 'c1: accepted']);
});

it('keeps an unfinished polygon when the list is filtered, refreshed or turned into labels', async () => {
  const rows = rowsOf(3);
  const { review, casework } = await openReview(rows);
  await mount(VerdictBar, { review, casework, flagging: false });
  await userEvent.keyboard('a');
  await userEvent.keyboard('k');
  await expect.poll(() => casework.opened.detail?.case.id).toBe('c1');
  casework.editor.tool = 'polygon';
  for (const [x, y] of [
    [2, 2],
    [8, 2],
    [8, 8],
  ]) {
    casework.editor.drawing.down({ x, y, pressure: null }, false);
  }
  for (const key of ['u', '{Shift>}R{/Shift}', 'l']) {
    notices.list = [];
    await userEvent.keyboard(key);
    await expect.poll(() => notices.list.at(-1)?.text).toMatch(/^The polygon is not finished/);
  }
  expect(review.queue.filter).toMatchObject({ verdict: null, per: 'case' });
  expect(casework.editor.drawing.draft?.points).toHaveLength(3);
  notices.list.at(-1)?.action?.run();
  await userEvent.keyboard('u');
  await expect.poll(() => review.queue.filter.verdict).toBe('none');
  await expect.poll(() => review.row?.case).toBe('c2');
});
