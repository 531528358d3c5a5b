/** Tests how a reader looks at case after case: window, structures, layers and the room for the image. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { Casework } from '../../../renderer/case/casework.ts';
import { pixelLoader } from '../../../renderer/case/pixels.ts';
import { Stage } from '../../../renderer/case/stage.svelte.ts';
import LayerBar from '../../../renderer/review/bars/LayerBar.svelte';
import ToolBar from '../../../renderer/review/bars/ToolBar.svelte';
import ReviewScreen from '../../../renderer/review/Review.svelte';
import { client } from '../../../renderer/shared/api.ts';
import { coloured, colours } from '../../../renderer/shared/colours.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import ReadOut from '../../../renderer/viewer/ReadOut.svelte';
import Viewer from '../../../renderer/viewer/Viewer.svelte';
import { mount, projectOf } from '../mounted/index.ts';
import { imageAnswer, openReview, rowOf, rowsOf } from './cases.ts';

/** The second case was exposed half as much as the others. */
const exposures = {
  'GET /api/cases/:id/image': ({ named }: { named: Readonly<Record<string, string>> }) =>
    imageAnswer({}, named['id'] === 'c2' ? 100 : 200),
};

async function next(casework: Casework): Promise<void> {
  const before = casework.opened.detail?.case.id;
  await userEvent.keyboard('j');
  await expect.poll(() => casework.opened.loaded?.detail.case.id).not.toBe(before);
}

it('keeps window and level from case to case and after a restart, for each project', async () => {
  const { casework } = await openReview(rowsOf(3), { routes: exposures });
  const { stage } = casework.opened;
  await mount(ToolBar, { casework });
  await userEvent.keyboard('{Alt>}w{/Alt}');
  const width = page.getByRole('spinbutton', { name: 'Width' });
  await width.fill('60');
  await page.getByRole('spinbutton', { name: 'Level' }).fill('70');
  await userEvent.keyboard('{Enter}');
  expect(stage.window).toEqual({ low: 40, high: 100, invert: false });
  await userEvent.keyboard('{Escape}');
  await expect.element(width).not.toBeInTheDocument();
  await userEvent.keyboard('i');
  await next(casework);
  expect(stage.window).toEqual({ low: 40, high: 100, invert: true });
  const { casework: later } = await openReview(rowsOf(3), { routes: exposures });
  expect(later.opened.stage.window).toEqual({ low: 40, high: 100, invert: true });
  session.project = projectOf({ folder: '/data/other.overread' });
  const other = new Casework(client, pixelLoader(client));
  await other.opened.open('c1');
  expect(other.opened.stage.window).toEqual({ low: 1, high: 198, invert: false });
});

it('carries the window over by percentile if the person chooses so', async () => {
  const { casework } = await openReview(rowsOf(3), { routes: exposures });
  const { stage } = casework.opened;
  await mount(ToolBar, { casework });
  stage.window = { low: 40, high: 140, invert: false };
  casework.opened.keepWindow();
  await page.getByRole('button', { name: 'Width and level' }).click();
  await page.getByRole('switch', { name: 'By percentile' }).click();
  expect(stage.window).toEqual({ low: 40, high: 140, invert: false });
  await userEvent.keyboard('{Escape}');
  await next(casework);
  expect(stage.window.low).toBeCloseTo(20, -0.5);
  expect(stage.window.high).toBeCloseTo(70, -0.5);
});

it('keeps a preset, which is a part of each image’s own range', async () => {
  const { casework } = await openReview(rowsOf(3), { routes: exposures });
  await mount(ToolBar, { casework });
  await page.getByRole('button', { name: 'Window and zoom' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Darker half' }).click();
  expect(casework.opened.stage.window).toMatchObject({ low: 0, high: 100 });
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  await next(casework);
  expect(casework.opened.stage.window).toMatchObject({ low: 0, high: 50 });
});

it('evens out the local contrast for looking only', async () => {
  const { casework } = await openReview();
  const { opened } = casework;
  await mount(ToolBar, { casework });
  const samples = opened.image?.samples.slice();
  await userEvent.keyboard('{Shift>}U{/Shift}');
  await expect.poll(() => opened.look?.image === opened.loaded?.image).toBe(false);
  expect(opened.look?.image.pixels.samples).not.toEqual(samples);
  expect(opened.image?.samples).toEqual(samples);
  await next(casework);
  await expect.poll(() => opened.look?.image === opened.loaded?.image).toBe(false);
  await userEvent.keyboard('{Shift>}U{/Shift}');
  expect(opened.look?.image).toBe(opened.loaded?.image);
});

it('keeps the active structure and the tool from case to case', async () => {
  const { casework } = await openReview();
  await mount(LayerBar, { casework });
  await userEvent.keyboard('1');
  await userEvent.keyboard('b');
  await next(casework);
  await next(casework);
  expect(casework.opened.activeLabel?.structure.name).toBe('lung');
  expect(casework.editor.tool).toBe('brush');
});

/** Whether the stage shows a pixel of the heart’s colour, #e69f00. */
function showsHeart(): boolean {
  const stage = document.querySelector<HTMLCanvasElement>('[data-stage]');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (!stage || !context) return false;
  canvas.width = stage.width;
  canvas.height = stage.height;
  context.drawImage(stage, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] > 180 && data[i + 1] > 110 && data[i + 1] < 180 && data[i + 2] < 40) return true;
  }
  return false;
}

it('draws the model’s outline in its structure’s colour, and hides it with the labels', async () => {
  const { casework } = await openReview();
  const { opened } = casework;
  for (const label of opened.labels) Object.assign(label, { fill: 0, outline: 0 });
  await mount(Viewer, { casework });
  await expect.poll(() => opened.labels[1].model).not.toBeNull();
  await expect.poll(showsHeart).toBe(true);
  await userEvent.keyboard('h');
  await expect.poll(showsHeart).toBe(false);
});

it('has room for the whole image between the bars when it is fitted', async () => {
  await page.viewport(1280, 720);
  onTestFinished(() => page.viewport(1280, 800));
  const inset = vi.spyOn(Stage.prototype, 'inset');
  await openReview();
  inset.mockClear();
  await mount(ReviewScreen, {});
  const stage = (): Stage => inset.mock.contexts[0] as Stage;
  await expect.element(page.getByRole('img', { name: /^X-ray c1/ })).toBeVisible();
  for (const key of ['0', 'b', '0', '{Shift>}L{/Shift}', 's', '0']) {
    await userEvent.keyboard(key);
    await expect
      .poll(() => {
        const box = document.querySelector('[data-stage]')?.getBoundingClientRect();
        if (!box || stage().size.width < 100) return ['no stage'];
        const { scale, x, y } = stage().view;
        const [left, top] = [box.left + x, box.top + y];
        const [right, bottom] = [left + 32 * scale, top + 24 * scale];
        return [...document.querySelectorAll('[role=toolbar], [role=group][aria-label=Brush]')]
          .filter((bar) => {
            const b = bar.getBoundingClientRect();
            return b.right > left && b.left < right && b.bottom > top && b.top < bottom;
          })
          .map((bar) => bar.getAttribute('aria-label'));
      })
      .toEqual([]);
  }
});

it('has captions with a dark ground, for bright film', async () => {
  const { casework } = await openReview();
  await mount(ReadOut, { casework });
  const line = page
    .getByText(/32 × 24/)
    .element()
    .closest('p') as HTMLElement;
  const { backgroundColor } = getComputedStyle(line);
  // On white, a ground of .8 leaves the light text a contrast of more than 4.5.
  const alpha = Number(
    /\/ ([\d.]+)\)$|, ([\d.]+)\)$/.exec(backgroundColor)?.slice(1).find(Boolean),
  );
  expect(alpha).toBeGreaterThanOrEqual(0.75);
});

const MANY = Array.from({ length: 20 }, (_, i) =>
  i === 11 ? 'left ventricle of the heart, outer wall' : `structure ${i + 1}`,
);

it('reaches each of twenty structures, by key and by the list', async () => {
  const labels = MANY.map((structure) => ({
    structure,
    state: 'drawn' as const,
    verdict: null,
  }));
  const { casework } = await openReview([rowOf(1, { labels })]);
  await mount(LayerBar, { casework });
  const active = (): string | undefined => casework.opened.activeLabel?.structure.name;
  await userEvent.keyboard('{Alt>}{Shift>}3{/Shift}{/Alt}');
  await expect.poll(active).toBe(MANY[11]);
  const bar = page.getByRole('toolbar', { name: 'Layers' });
  // The long name is cut in the middle, and said whole.
  await expect.element(bar.getByText('Left ventri…outer wall')).toBeVisible();
  await expect
    .element(bar.getByRole('button', { name: /^Left ventricle of the heart/ }))
    .toBeVisible();
  const { scrollWidth, clientWidth } = bar.element();
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  await userEvent.keyboard('{Control>}]{/Control}');
  await expect.poll(active).toBe(MANY[12]);
  await userEvent.keyboard('{Control>}[BracketLeft]{/Control}');
  await expect.poll(active).toBe(MANY[11]);
  await userEvent.keyboard('{Shift>}E{/Shift}');
  expect(casework.opened.activeLabel?.visible).toBe(false);
  await bar.getByRole('button', { name: /^All 20/ }).click();
  const list = page.getByRole('dialog', { name: 'All structures' });
  await list.getByRole('button', { name: /^Show the left ventricle/ }).click();
  expect(casework.opened.activeLabel?.visible).toBe(true);
  await list.getByRole('button', { name: /^Structure 20/ }).click();
  await expect.poll(active).toBe(MANY[19]);
});

it('shows structures of one colour in different ones, and others for colour-blind eyes', () => {
  onTestFinished(() => {
    colours.safe = false;
  });
  const structures = MANY.slice(0, 14).map((name, i) => ({
    name,
    colour: i < 2 ? '#ff0000' : '#00ff00',
  }));
  const { structures: shown } = coloured(projectOf({ structures }));
  expect(shown[0].colour).toBe('#ff0000');
  expect(new Set(shown.map(({ colour }) => colour)).size).toBe(14);
  colours.safe = true;
  expect(shown[0].colour).toBe('#56b4e9');
  expect(new Set(shown.map(({ colour }) => colour)).size).toBe(14);
});
