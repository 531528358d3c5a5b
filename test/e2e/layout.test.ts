/**
 * Checks where things lie in the window, at usual sizes and with text of 200 %: no bar covers another or the notices,
 * nothing is cut off, and what is chosen can be seen.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { makeProject, trustIn } from '../audit/server/project.ts';
import { findChromium } from './chromium.mjs';
import { cutIn } from './cut.ts';
import { makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;

/** Window sizes in CSS pixels; the last is that of 1280 × 720 with text of 200 %. */
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1280, height: 720 },
  { width: 640, height: 360 },
] as const;

/** Page script: the contrast of the line under the chosen tab with the ground of the header. */
const CONTRAST = `(() => {
  const light = (text) => {
    const [r, g, b] = text.match(/[\\d.]+/g).slice(0, 3).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const tab = document.querySelector('nav [aria-current=page]');
  const line = getComputedStyle(tab).boxShadow.match(/rgba?\\([^)]*\\)/)?.[0];
  const mark = light(line ?? getComputedStyle(tab).backgroundColor);
  const ground = light(getComputedStyle(tab.closest('header')).backgroundColor);
  return (Math.max(mark, ground) + 0.05) / (Math.min(mark, ground) + 0.05);
})()`;

/** The names of those that overlap, as `one over the other`. */
async function overlaps(parts: Readonly<Record<string, Locator>>): Promise<string[]> {
  const boxes: [string, NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>][] = [];
  for (const [name, part] of Object.entries(parts)) {
    const box = await part.boundingBox();
    expect(box, name).not.toBeNull();
    if (box) boxes.push([name, box]);
  }
  return boxes.flatMap(([one, a], index) =>
    boxes
      .slice(index + 1)
      .filter(
        ([, b]) =>
          Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 1 &&
          Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 1,
      )
      .map(([other]) => `${one} over the ${other}`),
  );
}

describe.skipIf(findChromium() === null)('the layout of the window', { timeout: 120_000 }, () => {
  let ground: Ground;
  let opened: Opened;
  let page: Page;
  const stage = (): Locator => page.getByRole('img', { name: /^X-ray / });
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  beforeAll(async () => {
    ground = makeGround();
    const folder = await makeProject(join(ground.root, 'project'), 6);
    await trustIn(ground.config, folder);
    opened = await inBrowser(ground);
    page = opened.page;
    await page.evaluate(
      (body) =>
        fetch('/api/projects/open', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        }),
      JSON.stringify({ folder }),
    );
    await page.reload();
    await stage().waitFor({ timeout: SLOW });
  }, 120_000);

  afterAll(async () => {
    await opened?.close();
    ground?.remove();
  }, 60_000);

  for (const { width, height } of SIZES) {
    it(`lays no bar over another, and cuts nothing off, at ${width} × ${height}`, async () => {
      await page.setViewportSize({ width, height });
      await press('b');
      await press('Shift+F');
      const notice = page.getByRole('status').filter({ hasText: 'no holes' });
      await notice.waitFor({ timeout: SLOW });
      const bars = {
        layers: page.getByRole('toolbar', { name: 'Layers' }),
        brush: page.getByRole('group', { name: 'Brush' }),
        tools: page.getByRole('toolbar', { name: 'Tools' }),
        verdicts: page.getByRole('toolbar', { name: 'Verdict' }),
        caption: page.getByRole('region', { name: 'Stage' }).locator('p', { hasText: / bit/ }),
      };
      expect(await overlaps(bars)).toEqual([]);
      expect(await overlaps({ notice, verdicts: bars.verdicts })).toEqual([]);
      expect(await cutIn(page)).toEqual([]);
      // Each button of the bars is inside of the window and inside of its bar.
      for (const bar of [bars.layers, bars.brush, bars.verdicts]) {
        const outer = await bar.boundingBox();
        const end = (outer?.x ?? 0) + (outer?.width ?? 0) + 1;
        const beyond: string[] = [];
        for (const button of await bar.getByRole('button').all()) {
          const inner = await button.boundingBox();
          if (inner && inner.x + inner.width > end) beyond.push((await button.textContent()) ?? '');
        }
        expect(beyond).toEqual([]);
      }
      await notice.getByRole('button', { name: 'Close this message' }).click();
      await press('v');
    });
  }

  it('ends a notice about the label with the screen that it is about', async () => {
    await page.setViewportSize(SIZES[0]);
    await press('Shift+F');
    const notice = page.getByText(/ has no holes/);
    await notice.waitFor({ timeout: SLOW });
    await press('Control+3');
    await page.getByRole('heading', { level: 2 }).first().waitFor({ timeout: SLOW });
    expect(await notice.count()).toBe(0);
    await press('Control+1');
    await stage().waitFor({ timeout: SLOW });
    await press('Shift+F');
    await notice.waitFor({ timeout: SLOW });
    await press('v', 'j');
    await expect.poll(() => notice.count(), { timeout: 3000 }).toBe(0);
  });

  it('shows in both themes which screen is chosen', async () => {
    for (const theme of ['dark', 'light']) {
      await page.evaluate(`void (document.documentElement.dataset.theme = '${theme}')`);
      expect(Number(await page.evaluate(CONTRAST)), theme).toBeGreaterThan(3);
    }
  });

  it('hides the inspector by a click where it lies over the stage', async () => {
    await page.setViewportSize(SIZES[2]);
    await page.getByRole('button', { name: 'Show the inspector' }).click();
    await page.getByRole('button', { name: 'Hide the inspector' }).click({ timeout: 5000 });
    await page.getByRole('complementary', { name: 'Inspector' }).waitFor({ state: 'detached' });
  });

  it('says of a path with nothing that there is nothing', async () => {
    await page.setViewportSize(SIZES[0]);
    await press('Control+n');
    await page.getByRole('textbox', { name: /^Folder of the dataset/ }).fill('/nowhere/at/all');
    await press('Enter');
    await page.getByRole('alert').filter({ hasText: 'is not there' }).waitFor({ timeout: SLOW });
    expect(await page.getByText('There is nothing at this path').count()).toBe(1);
    expect(await page.getByText('No dataset recognised').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Choose the folders yourself' }).count()).toBe(0);
  });
});
