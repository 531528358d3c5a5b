/** Tests the tools that take over what a network finds at a click: the model's proposal, or a network of one's own. */
import { expect, it } from 'vitest';
import { page } from 'vitest/browser';
import ToolBar from '../../../renderer/review/bars/ToolBar.svelte';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { mount } from '../mounted/index.ts';
import { refusal } from '../mounted/server.ts';
import { HEIGHT, WIDTH, maskAnswer, maskOf, openReview, rowsOf } from './cases.ts';

const CLICK = 'POST /api/cases/c1/click';
const found = maskOf(2);

async function pointing(answer: () => unknown) {
  const { casework, world } = await openReview(rowsOf(2), {
    routes: {
      'POST /api/cases/:id/click': answer,
      'POST /api/cases/:id/click/prepare': () => ({}),
    },
  });
  session.settings = {
    ...{ theme: 'dark' as const, reviewer: null, backend: null, keys: {}, blindChecks: true },
    clickModel: '/sam',
  };
  await mount(ToolBar, { casework });
  await page.getByRole('button', { name: /^Click to segment/ }).click();
  const { editor, opened } = casework;
  const label = opened.activeLabel;
  if (!label) throw new Error('no label is active');
  const at = (x: number, y: number) => ({ x, y, pressure: null });
  const press = async (x: number, y: number, shift = false, to = at(x, y)) => {
    editor.drawing.down(at(x, y), shift);
    if (to.x !== x || to.y !== y) editor.drawing.move([to]);
    editor.drawing.up();
    await expect.poll(() => editor.drawing.busy).toBe(false);
  };
  return { world, editor, label, press, at };
}

it('makes the label what the network finds, adds up clicks, and undoes each', async () => {
  const { world, editor, label, press, at } = await pointing(() => maskAnswer(found));
  await expect.poll(() => world.server.asked('POST /api/cases/c1/click/prepare').length).toBe(1);
  const before = label.mask?.slice();
  await press(5, 6);
  expect(label.mask).toEqual(found);
  await press(9, 7, true);
  await press(2, 3, false, at(WIDTH - 2, HEIGHT - 2));
  const points = [
    { x: 5, y: 6, inside: true },
    { x: 9, y: 7, inside: false },
  ];
  expect(world.server.sent(CLICK)).toEqual([
    { points: points.slice(0, 1), box: null },
    { points, box: null },
    { points, box: [2, 3, WIDTH - 2, HEIGHT - 2] },
  ]);
  editor.undo();
  expect(label.mask).toEqual(before);
});

it('says what is wrong, and changes nothing', async () => {
  const sentence = 'Choose the folder of a SAM in the settings first.';
  const { label, press } = await pointing(() => refusal(409, sentence));
  const before = label.mask?.slice();
  await press(5, 6);
  expect(label.mask).toEqual(before);
});

it('takes the part of the proposal at a click', async () => {
  const { editor, label, press } = await pointing(() => maskAnswer(found));
  editor.tool = 'proposal-lasso';
  const proposal = maskOf(1);
  const different = proposal.findIndex((value, i) => value !== label.mask?.[i]);
  await press((different % WIDTH) + 0.5, Math.floor(different / WIDTH) + 0.5);
  expect(label.mask?.[different]).toBe(proposal[different]);
});
