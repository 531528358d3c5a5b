import { expect, it, onTestFinished } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import ToolBar from '../../../renderer/review/bars/ToolBar.svelte';
import VerdictBar from '../../../renderer/review/bars/VerdictBar.svelte';
import ReviewScreen from '../../../renderer/review/Review.svelte';
import { mount } from '../mounted/index.ts';
import { openReview } from './cases.ts';

/** Adds what has the focus while nobody uses a control: a stage. */
function addStage(): HTMLElement {
  const stage = document.createElement('div');
  stage.tabIndex = 0;
  stage.dataset['stage'] = '';
  document.body.append(stage);
  onTestFinished(() => stage.remove());
  return stage;
}

const change = page.getByRole('button', { name: 'Change the whole label' });
const item = (name: RegExp) => page.getByRole('menuitem', { name });

it('gives a verdict with Enter after a change from the menu', async () => {
  const stage = addStage();
  const { review, casework, world } = await openReview();
  await mount(ToolBar, { casework });
  await change.click();
  await item(/^Grow by a pixel/).click();
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  expect(document.activeElement).toBe(stage);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  expect(review.row?.case).toBe('c2');
  await expect.poll(() => world.verdicts[0]).toBe('c1 heart: fixed');
});

it('gives the focus back to a button that was reached by Tab, when Escape closes its menu', async () => {
  const stage = addStage();
  const { review, casework } = await openReview();
  await mount(ToolBar, { casework });
  await page.getByRole('button', { name: 'Ruler' }).click();
  while (document.activeElement !== change.element()) await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menu')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(change).toHaveFocus();
  // Enter is for the button, which opens its menu again.
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menu')).toBeVisible();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  expect(document.activeElement).toBe(stage);
  expect(review.row?.case).toBe('c1');
});

it('presses a button by Enter and by space if it was reached by Tab, and not after a click on it', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  const exclude = page.getByRole('button', { name: /^Exclude/ });
  while (document.activeElement !== exclude.element()) await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await userEvent.keyboard(' ');
  await expect.poll(() => world.verdicts).toEqual(['c1: excluded', 'c2: excluded']);
  await exclude.click();
  (exclude.element() as HTMLElement).focus();
  await casework.opened.settled();
  await casework.editor.apply('grow');
  await userEvent.keyboard('{Enter}');
  await expect
    .poll(() => world.verdicts.slice(2))
    .toEqual(['c3: excluded', 'c4 heart: fixed', 'c4: accepted']);
});

it('judges once while the key is held down', async () => {
  const { review, casework, world } = await openReview();
  await mount(VerdictBar, { review, casework, flagging: false });
  await userEvent.keyboard('{a>4/}');
  await expect.poll(() => world.verdicts).toEqual(['c1: accepted']);
});

it('hears the verdict keys after a click on a row or on a tab of the inspector', async () => {
  const { world } = await openReview();
  await mount(ReviewScreen, {});
  const stage = (): Element | null => document.querySelector('[data-stage]');
  await page.getByRole('option').nth(2).click();
  await expect.poll(() => document.activeElement).toBe(stage());
  await userEvent.keyboard('x');
  await expect.poll(() => world.verdicts).toEqual(['c3: excluded']);
  await page.getByRole('radio', { name: 'Lung' }).click();
  await expect.poll(() => document.activeElement).toBe(stage());
  await userEvent.keyboard('a');
  await expect.poll(() => world.verdicts).toEqual(['c3: excluded', 'c4: accepted']);
});
