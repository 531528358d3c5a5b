/** The tools that repair a label, in a browser with real keys and a real pointer; masks are read from the disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import { makeProject } from '../audit/server/project.ts';
import { findChromium, launchChromium } from './chromium.mjs';
import { serve } from './serve.mjs';
import { maskOf, rows, shownCase } from './walk.ts';

const SLOW = 20_000;
const WIDTH = 1280;
const HEIGHT = 900;

describe.skipIf(findChromium() === null)('repairing a label', { timeout: 120_000 }, () => {
  let root: string;
  let page: Page;
  let close: () => Promise<void>;
  let id: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-repair-'));
    const project = await makeProject(root, 12);
    const { url, stop } = await serve(project, {
      ...process.env,
      OVERREAD_CONFIG: join(root, 'config'),
    });
    const browser = await launchChromium();
    close = async () => {
      await browser.close();
      await stop();
    };
    page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
    await page.goto(url);
    await rows(page).first().waitFor({ timeout: SLOW });
  }, 120_000);

  afterAll(async () => {
    await close?.();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  beforeEach(async () => {
    // Each test takes the next case, and the lung.
    await page.keyboard.press('j');
    await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(id);
    id = await shownCase(page);
    await page.keyboard.press('1');
  });

  const lung = async (): Promise<string[]> => {
    const { data, width, height } = await maskOf(page, id, 'lung');
    return Array.from({ length: height }, (_, y) =>
      Array.from(data.subarray(y * width, (y + 1) * width), (v) => (v === 1 ? '#' : '.')).join(''),
    );
  };
  const pixels = (lines: readonly string[]): number => lines.join('').split('#').length - 1;
  /** The lung's rectangle: left, top, right, bottom, in image pixels. */
  const box = (lines: readonly string[]): [number, number, number, number] => {
    const ys = lines.flatMap((line, y) => (line.includes('#') ? [y] : []));
    const left = Math.min(...lines.filter((l) => l.includes('#')).map((l) => l.indexOf('#')));
    const right = Math.max(...lines.map((l) => l.lastIndexOf('#'))) + 1;
    return [left, ys[0], right, ys[ys.length - 1] + 1];
  };

  /** Where the image lies on the screen: that of its first pixel, and the side of a pixel. */
  let fit = { x: 0, y: 0, scale: 1 };

  /** The pixel under the pointer, as the stage says it; null beside the image. */
  async function pixelAt(x: number, y: number): Promise<[number, number] | null> {
    await page.mouse.move(x, y);
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    );
    const said = /x (\d+) y (\d+) ·/.exec(await page.locator('body').innerText());
    return said === null ? null : [Number(said[1]), Number(said[2])];
  }

  /** Chooses a tool by its key. The bars of a tool move the image, so the test then looks where the image lies. */
  async function choose(key: string): Promise<void> {
    await page.keyboard.press(key);
    const stage = await page.getByRole('img', { name: /^X-ray / }).boundingBox();
    if (!stage) throw new Error('there is no stage');
    const [cx, cy] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
    const first = await pixelAt(cx, cy);
    if (!first) throw new Error('the image is not in the middle of the stage');
    /** The place on the screen where the pixel with this number begins, along one axis. */
    const border = async (axis: 0 | 1, pixel: number): Promise<number> => {
      let low = axis === 0 ? cx : cy;
      let high = axis === 0 ? stage.x + stage.width - 1 : stage.y + stage.height - 1;
      while (high - low > 0.2) {
        const middle = (low + high) / 2;
        const seen = await pixelAt(axis === 0 ? middle : cx, axis === 0 ? cy : middle);
        if (seen !== null && seen[axis] < pixel) low = middle;
        else high = middle;
      }
      return high;
    };
    const [near, far] = [await border(0, first[0] + 1), await border(0, first[0] + 11)];
    const scale = (far - near) / 10;
    const below = await border(1, first[1] + 1);
    fit = { x: near - (first[0] + 1) * scale, y: below - (first[1] + 1) * scale, scale };
  }

  const onScreen = (x: number, y: number): [number, number] => [
    fit.x + x * fit.scale,
    fit.y + y * fit.scale,
  ];

  async function drag(from: [number, number], to: [number, number]): Promise<void> {
    await page.mouse.move(...onScreen(...from));
    await page.mouse.down();
    await page.mouse.move(...onScreen(...to), { steps: 6 });
    await page.mouse.up();
  }

  const settles = (wanted: (lines: string[]) => boolean): Promise<void> =>
    expect.poll(async () => wanted(await lung()), { timeout: SLOW }).toBe(true);

  it('pushes the outline with the nudge, and undoes it as one step', async () => {
    const before = await lung();
    const [, top, right, bottom] = box(before);
    const middle = (top + bottom) / 2;
    await choose('Shift+N');
    expect(
      await page.getByRole('button', { name: 'Nudge the outline' }).getAttribute('aria-pressed'),
    ).toBe('true');
    await drag([right - 1, middle], [right + 5, middle]);
    await settles((lines) => lines[Math.floor(middle)].lastIndexOf('#') >= right + 2);
    expect(
      await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/nudge.png` }),
    ).toBeTruthy();
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
  });

  it('moves a label by its box and by arrow keys, and turns and scales it', async () => {
    const before = await lung();
    const [left, top, right, bottom] = box(before);
    await choose('Shift+V');
    await drag(
      [(left + right) / 2, (top + bottom) / 2],
      [(left + right) / 2 + 4, (top + bottom) / 2 + 2],
    );
    await settles(
      (lines) => box(lines).join() === [left + 4, top + 2, right + 4, bottom + 2].join(),
    );
    for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowUp', 'Shift+ArrowRight'])
      await page.keyboard.press(key);
    await settles(
      (lines) => box(lines).join() === [left + 12, top + 1, right + 12, bottom + 1].join(),
    );
    expect(await shownCase(page)).toBe(id);
    // The right side: the label becomes wider, the left side stays.
    await drag([right + 12, (top + bottom) / 2 + 1], [right + 18, (top + bottom) / 2 + 1]);
    await settles(
      (lines) => box(lines).join() === [left + 12, top + 1, right + 18, bottom + 1].join(),
    );
    for (let n = 0; n < 20; n += 1) await page.keyboard.press('Alt+ArrowRight');
    await settles((lines) => box(lines)[1] < top);
    await page.screenshot({
      path: process.env['SHOTS'] && `${process.env['SHOTS']}/transform.png`,
    });
    for (let n = 0; n < 26; n += 1) await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
    // With another tool the arrows walk through the queue again.
    await page.keyboard.press('v');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(id);
    id = await shownCase(page);
  });

  it('grows a region from a click, and takes back what Escape interrupts', async () => {
    const before = await lung();
    await choose('Shift+A');
    await page.keyboard.press(']');
    await page.mouse.move(...onScreen(40, 30));
    await page.mouse.down();
    await page.mouse.up();
    await settles((lines) => pixels(lines) > pixels(before) && lines[30][40] === '#');
    await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/region.png` });
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
    await page.mouse.down();
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await lung()).toEqual(before);
  });

  it('draws by the live wire, and Enter closes it without a verdict', async () => {
    const before = await lung();
    await choose('Shift+G');
    for (const [x, y] of [
      [28, 24],
      [40, 24],
      [40, 36],
    ]) {
      await page.mouse.move(...onScreen(x, y), { steps: 3 });
      await page.mouse.down();
      await page.mouse.up();
    }
    await page.mouse.move(...onScreen(28, 36), { steps: 3 });
    await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/wire.png` });
    await page.mouse.down();
    await page.mouse.up();
    await page.keyboard.press('Enter');
    await settles((lines) => lines[30][34] === '#' && pixels(lines) > pixels(before));
    expect(await shownCase(page)).toBe(id);
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
  });

  it('drags a control point of the outline', async () => {
    const before = await lung();
    const [, top, right] = box(before);
    await choose('Shift+P');
    await page.locator('[data-control-points]').waitFor({ timeout: SLOW });
    await drag([right, top], [right + 6, top - 2]);
    await settles((lines) => pixels(lines) > pixels(before));
    await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/points.png` });
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
  });

  it('solves a scribble in its worker', async () => {
    const before = await lung();
    await choose('Shift+D');
    await drag([30, 30], [40, 30]);
    await settles((lines) => lines[30][35] === '#' && pixels(lines) > pixels(before));
    await page.keyboard.down('Shift');
    await drag([35.5, 26], [35.5, 34]);
    await page.keyboard.up('Shift');
    await settles((lines) => lines[30][35] === '.');
    await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/scribble.png` });
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
  });

  it('draws only outside the other structures while the masking is on', async () => {
    const before = await lung();
    const heart = (await maskOf(page, id, 'heart')).data;
    const overlap = async (): Promise<number> =>
      (await maskOf(page, id, 'lung')).data.reduce((sum, v, i) => sum + (v & heart[i]), 0);
    const first = await overlap();
    const [, top, right] = box(before);
    await choose('b');
    await page.keyboard.press('Shift+M');
    await page.getByRole('button', { name: 'Masking: Draw outside the others' }).waitFor();
    await drag([right - 4, top + 6], [right + 8, top + 12]);
    await settles((lines) => pixels(lines) > pixels(before));
    expect(await overlap()).toBe(first);
    await page.screenshot({ path: process.env['SHOTS'] && `${process.env['SHOTS']}/masking.png` });
    await page.getByRole('button', { name: /^Masking/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Inside the heart' }).click();
    const outside = pixels(await lung());
    await drag([right - 4, top + 6], [right + 8, top + 12]);
    await expect.poll(overlap, { timeout: SLOW }).toBeGreaterThan(first);
    expect(pixels(await lung()) - outside).toBe((await overlap()) - first);
    await page.keyboard.press('Shift+M');
  });

  it('hollows a label, and smooths and fills it along its outline', async () => {
    const before = await lung();
    await choose('b');
    for (let n = 0; n < 30; n += 1) await page.keyboard.press('[');
    await page.keyboard.press(']');
    await page.keyboard.press('Shift+H');
    await settles((lines) => pixels(lines) < pixels(before) && pixels(lines) > 0);
    await page.keyboard.press('Control+z');
    await page.getByRole('button', { name: 'Change the whole label' }).click();
    await page.getByRole('menuitem', { name: /^Smooth the outline only/ }).click();
    await settles((lines) => lines.join() !== before.join());
    await page.keyboard.press('Control+z');
    await settles((lines) => lines.join() === before.join());
  });
});
