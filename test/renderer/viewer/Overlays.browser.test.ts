/**
 * Tests what is drawn over the image: the brush, unfinished drawings, the read-out and the legend.
 */
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import BrushCursor from '../../../renderer/viewer/BrushCursor.svelte';
import Drafts from '../../../renderer/viewer/Drafts.svelte';
import Legend from '../../../renderer/viewer/Legend.svelte';
import ReadOut from '../../../renderer/viewer/ReadOut.svelte';
import SuspectedPlace from '../../../renderer/viewer/SuspectedPlace.svelte';
import { PIXEL_HEADERS } from '../../../audit/contract/api.ts';
import { mount } from '../mounted/index.ts';
import { detailOf, imageAnswer, openReview, rowOf, rowsOf } from '../review/cases.ts';

const view = { scale: 10, x: 0, y: 0 };
const brush = (): DOMRect | undefined =>
  document.querySelector('[aria-hidden=true]')?.getBoundingClientRect();

it('shows the brush at its true size around the pointer', async () => {
  const { casework } = await openReview();
  casework.opened.stage.view = view;
  casework.editor.radius = 4;
  const change = await mount(BrushCursor, { casework, pointer: { x: 100, y: 60 } });
  expect(brush()).toMatchObject({ left: 60, top: 20, width: 80, height: 80 });
  casework.opened.stage.view = { ...view, scale: 5 };
  await expect.poll(() => brush()?.width).toBe(40);
  await change({ pointer: null });
  await expect.poll(brush).toBeUndefined();
});

it('shows the pixel that the smallest brush draws', async () => {
  const { casework } = await openReview();
  casework.opened.stage.view = view;
  casework.editor.radius = 0.5;
  await mount(BrushCursor, { casework, pointer: { x: 127, y: 63 } });
  expect(brush()).toMatchObject({ left: 120, top: 60, width: 10, height: 10 });
});

it('reads out the image, the window, and the sample under the pointer', async () => {
  const { casework } = await openReview();
  const { stage } = casework.opened;
  stage.window = { low: 40, high: 140, invert: false };
  await mount(ReadOut, { casework });
  await expect.element(page.getByText(/32 × 24/)).toHaveTextContent('c1 · 32 × 24 · 8 bit');
  const line = page.getByText(/^W 100 L 90/);
  stage.pointer = { x: 3.7, y: 5.2, value: 43 };
  await expect.element(line).toHaveTextContent('x 3 y 5 · 43');
  stage.pointer = { x: -3, y: 5, value: null };
  await expect.element(line).not.toHaveTextContent('y 5');
  casework.editor.tool = 'eraser';
  await expect.element(line).toHaveTextContent('eraser 24 px');
});

it('warns of an image file that has changed', async () => {
  const changed = { [PIXEL_HEADERS.changed]: '1' };
  const routes = { 'GET /api/cases/:id/image': () => imageAnswer(changed) };
  const { casework } = await openReview(rowsOf(1), { routes });
  await mount(ReadOut, { casework });
  await expect.element(page.getByText(/the file has changed/)).toBeVisible();
});

it('explains the colours of the layers that are on, and of no others', async () => {
  const { casework } = await openReview();
  await mount(Legend, { casework });
  const differs = page.getByText('Only in the label');
  await expect.element(differs).not.toBeInTheDocument();
  casework.opened.layers.difference = true;
  await expect.element(differs).toBeVisible();
  await expect.element(page.getByText('Quality map')).not.toBeInTheDocument();
  casework.opened.layers.quality = true;
  await expect.element(page.getByText(/^−\d\.\d\d worse$/)).toBeVisible();
  await expect.element(page.getByText(/^better \d\.\d\d$/)).toBeVisible();
});

it('measures with the ruler in pixels and millimetres', async () => {
  const { casework } = await openReview();
  casework.opened.stage.view = view;
  casework.editor.tool = 'ruler';
  await mount(Drafts, { casework, pointer: null });
  const { drawing } = casework.editor;
  drawing.down({ x: 2, y: 3, pressure: null }, false);
  drawing.move([{ x: 14, y: 8, pressure: null }]);
  drawing.up();
  await expect.element(page.getByRole('status')).toHaveTextContent('13.0 px · 6.5 mm');
});

it('draws the polygon so far, with a line to the pointer, and dashed where it cuts', async () => {
  const { casework } = await openReview();
  casework.opened.stage.view = view;
  casework.editor.tool = 'polygon';
  const change = await mount(Drafts, { casework, pointer: { x: 50, y: 80 } });
  const { drawing } = casework.editor;
  drawing.down({ x: 2, y: 3, pressure: null }, true);
  drawing.down({ x: 8, y: 3, pressure: null }, true);
  const paths = (): (string | null)[] =>
    [...document.querySelectorAll('path')].map((path) => path.getAttribute('d'));
  await expect.poll(() => paths().at(-1)).toBe('M20.0 30.0L80.0 30.0L50.0 80.0');
  expect(document.querySelectorAll('circle')).toHaveLength(2);
  expect(document.querySelector('path[stroke-dasharray]')).not.toBeNull();
  await change({ pointer: null });
  await expect.poll(() => paths().at(-1)).toBe('M20.0 30.0L80.0 30.0');
  drawing.cancel();
  await expect.poll(paths).toEqual([]);
});

it('frames the suspected place by key, enlarged, and shows the whole image by the same key', async () => {
  const detail = detailOf(rowOf(1));
  const place = { x: 0.5, y: 0.5, left: 0.25, top: 0.5, width: 0.125, height: 0.25 };
  const labels = detail.labels.map((label) => ({
    ...label,
    reasons: label.reasons && { ...label.reasons, kind: 'part-missing', place },
  }));
  const routes = { 'GET /api/cases/:id': () => ({ ...detail, labels }) };
  const { casework } = await openReview(rowsOf(1), { routes });
  const { stage } = casework.opened;
  stage.resize({ width: 640, height: 480 }, 1);
  await mount(SuspectedPlace, { casework });
  const frame = page.getByText('heart: part missing?');
  await expect.element(frame).not.toBeInTheDocument();
  await userEvent.keyboard('y');
  await expect.element(frame).toBeVisible();
  // The lung has no reasons, so the key went to the heart, and the frame's middle is the stage's.
  expect(casework.opened.activeLabel?.structure.name).toBe('heart');
  const box = document.querySelector('rect')?.getBoundingClientRect();
  expect((box?.left ?? 0) + (box?.width ?? 0) / 2).toBeCloseTo(320, 0);
  expect((box?.top ?? 0) + (box?.height ?? 0) / 2).toBeCloseTo(240, 0);
  expect(stage.view.scale).toBeGreaterThan(20);
  await userEvent.keyboard('y');
  await expect.element(frame).not.toBeInTheDocument();
  expect(stage.view.scale).toBe(20);
});
