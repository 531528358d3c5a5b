/** Tests what helps to look: the image turned and mirrored, the crosshair, the magnifier, the minimap. */
import { expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Casework } from '../../../renderer/case/casework.ts';
import {
  mirrored,
  turned,
  unturned,
  unturnedInsets,
  UPRIGHT,
} from '../../../renderer/case/orientation.ts';
import Viewer from '../../../renderer/viewer/Viewer.svelte';
import { mount } from '../mounted/index.ts';
import { openReview } from '../review/cases.ts';

const stage = page.getByRole('img', { name: /^X-ray/ });

/** Draws one pixel where the person clicks, given as shares of the stage. @returns its place in the image */
async function drawnAt(casework: Casework, across: number, down: number): Promise<number[]> {
  const { width, height } = stage.element().getBoundingClientRect();
  casework.editor.tool = 'brush';
  casework.editor.radius = 0.5;
  const before = casework.opened.labels[0].mask?.slice() ?? new Uint8Array(0);
  casework.opened.active = 0;
  await stage.click({ position: { x: across * width, y: down * height } });
  const after = casework.opened.labels[0].mask ?? new Uint8Array(0);
  const index = after.findIndex((value, i) => value !== before[i]);
  return [index % 32, Math.floor(index / 32)];
}

async function openViewer(): Promise<Casework> {
  const { casework } = await openReview();
  await mount(Viewer, { casework });
  await expect.poll(() => casework.opened.stage.size.width).toBeGreaterThan(600);
  await userEvent.keyboard('0');
  return casework;
}

it('draws where the person sees the pointer, however the image is turned', async () => {
  const casework = await openViewer();
  const { stage: shown } = casework.opened;
  // The window is wider than the image, so that both ends of a row lie inside of the image's width.
  const [left, top] = await drawnAt(casework, 0.3, 0.2);
  expect(left).toBeLessThan(16);
  expect(top).toBeLessThan(12);
  await userEvent.keyboard('{Shift>}X{/Shift}');
  const [right, same] = await drawnAt(casework, 0.3, 0.2);
  expect(right).toBeGreaterThan(16);
  expect(same).toBe(top);
  await userEvent.keyboard('{Shift>}X{/Shift}');
  expect(shown.orientation).toEqual(UPRIGHT);
  await userEvent.keyboard('{Shift>}Z{/Shift}');
  // The whole image is fitted again, and its top left corner is seen at the top right.
  await expect.poll(() => shown.size.height > shown.size.width).toBe(true);
  await expect.poll(() => shown.view.scale * 24).toBeLessThanOrEqual(shown.size.width);
  const { width, height } = stage.element().getBoundingClientRect();
  const side = (shown.view.scale * 24) / 2 - shown.view.scale * 2;
  const x = (width / 2 + side) / width;
  const y = (height / 2 - (shown.view.scale * 32) / 2 + shown.view.scale * 2) / height;
  const corner = await drawnAt(casework, x, y);
  expect(corner[0]).toBeLessThan(4);
  expect(corner[1]).toBeLessThan(4);
});

it('turns places and insets back', () => {
  const seen = { width: 100, height: 60 };
  const right = turned(UPRIGHT);
  expect(unturned({ x: 100, y: 0 }, seen, right)).toEqual({ x: 0, y: 0 });
  expect(unturned({ x: 100, y: 60 }, seen, right)).toEqual({ x: 60, y: 0 });
  // Mirrored as it is seen: the corner that was seen at the top right is now at the top left.
  expect(unturned({ x: 0, y: 0 }, seen, mirrored(right))).toEqual({ x: 0, y: 0 });
  expect(mirrored(mirrored(right))).toEqual(right);
  const insets = { top: 1, right: 2, bottom: 3, left: 4 };
  expect(unturnedInsets(insets, right)).toEqual({ top: 2, right: 3, bottom: 4, left: 1 });
  expect(unturnedInsets(insets, mirrored(UPRIGHT))).toEqual({
    top: 1,
    right: 4,
    bottom: 3,
    left: 2,
  });
});

it('shows a crosshair and a magnifier at the pointer', async () => {
  await openViewer();
  await userEvent.keyboard('{Alt>}x{/Alt}');
  await userEvent.keyboard('{Shift>}Y{/Shift}');
  await stage.hover({ position: { x: 640, y: 400 } });
  await expect.poll(() => document.querySelector('[data-crosshair]')).not.toBeNull();
  const glass = (): HTMLCanvasElement | null => document.querySelector('[data-magnifier]');
  await expect.poll(() => glass()?.getBoundingClientRect().left).toBeCloseTo(540);
  expect(glass()?.getBoundingClientRect().top).toBeCloseTo(300);
  const middle = glass()
    ?.getContext('2d')
    ?.getImageData((glass()?.width ?? 0) / 2, 2, 1, 1).data[0];
  expect(middle).toBeGreaterThan(40);
  await userEvent.keyboard('{Alt>}x{/Alt}');
  await userEvent.keyboard('{Shift>}Y{/Shift}');
  await expect.poll(() => document.querySelector('[data-crosshair], [data-magnifier]')).toBeNull();
});

it('shows where a part of the image lies, and goes to another part by a click', async () => {
  const casework = await openViewer();
  const { stage: shown } = casework.opened;
  const map = (): HTMLElement | null => document.querySelector('[data-minimap]');
  expect(map()).toBeNull();
  for (let i = 0; i < 6; i += 1) await userEvent.keyboard('+');
  await expect.poll(map).not.toBeNull();
  const element = map() as HTMLElement;
  await page.elementLocator(element).click({ position: { x: 8, y: 8 } });
  const { x, y, width, height } = shown.shown;
  expect(x + width / 2).toBeCloseTo((8 / 132) * 32, -0.5);
  expect(y + height / 2).toBeCloseTo((8 / 132) * 32, -0.5);
  await userEvent.keyboard('0');
  await expect.poll(map).toBeNull();
});
