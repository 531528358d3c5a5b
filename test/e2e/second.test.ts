/**
 * Tests the second window, in a browser and in the desktop application: it shows the stage of the first window and
 * follows it, also while a stroke is drawn; it writes nothing; and each stroke is saved once.
 */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { makeProject, trustIn } from '../audit/server/project.ts';
import { findDesktop, launch } from '../electron/launch.ts';
import { findChromium } from './chromium.mjs';
import { makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { drag, maskOf, pressAndMove, shownCase } from './walk.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;

const desktop = await findDesktop();

async function openBrowser(ground: Ground, folder: string): Promise<Opened> {
  const opened = await inBrowser(ground);
  await opened.page.evaluate(
    (body) =>
      fetch('/api/projects/open', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    JSON.stringify({ folder }),
  );
  await opened.page.reload();
  return opened;
}

const ways = [
  { name: 'in a browser', skip: findChromium() === null, open: openBrowser },
  {
    name: 'in the desktop application',
    skip: desktop === null,
    open: (ground: Ground, folder: string): Promise<Opened> =>
      launch(desktop!, ground.config, [folder]),
  },
];

for (const { name, skip, open } of ways) {
  describe.skipIf(skip)(`the second window, ${name}`, { timeout: 120_000 }, () => {
    let ground: Ground;
    let opened: Opened;
    let first: Page;

    const stageOf = (page: Page): Locator => page.getByRole('img', { name: /^X-ray / });
    const captionOf = (page: Page): Promise<string> =>
      page
        .locator('p', { hasText: /W \d/ })
        .first()
        .textContent()
        .then((text) => /W \d+ L \d+/.exec(text ?? '')?.[0] ?? '');
    /** Opens the second window with its key. */
    const openSecond = async (): Promise<Page> => {
      const coming = first.context().waitForEvent('page', { timeout: SLOW });
      await first.keyboard.press('Alt+s');
      const second = await coming;
      await stageOf(second).waitFor({ timeout: SLOW });
      return second;
    };

    beforeEach(async () => {
      ground = makeGround();
      const folder = await makeProject(join(ground.root, 'project'), 6);
      await trustIn(ground.config, folder);
      opened = await open(ground, folder);
      first = opened.page;
      await stageOf(first).waitFor({ timeout: SLOW });
    }, 120_000);

    afterEach(async () => {
      await opened?.close();
      ground?.remove();
    }, 60_000);

    it('follows the case, the layers and the window, and changes nothing by itself', async () => {
      const second = await openSecond();
      const written: string[] = [];
      second.on('request', (request) => {
        if (request.method() !== 'GET') written.push(`${request.method()} ${request.url()}`);
      });
      await expect.poll(() => shownCase(second), { timeout: SLOW }).toBe(await shownCase(first));
      await first.bringToFront();
      const begun = await shownCase(first);
      await first.keyboard.press('j');
      await expect.poll(() => shownCase(first), { timeout: SLOW }).not.toBe(begun);
      await expect.poll(() => shownCase(second), { timeout: SLOW }).toBe(await shownCase(first));

      const nameOf = (page: Page): Promise<string | null> =>
        stageOf(page).getAttribute('aria-label');
      const whole = await nameOf(second);
      await first.keyboard.press('Shift+E');
      await expect.poll(() => nameOf(second), { timeout: SLOW }).not.toBe(whole);
      expect(await nameOf(second)).toBe(await nameOf(first));
      const before = await captionOf(second);
      await first.keyboard.press('Shift+W');
      await expect.poll(() => captionOf(second), { timeout: SLOW }).not.toBe(before);
      expect(await captionOf(second)).toBe(await captionOf(first));

      // Keys of verdicts and of tools do nothing there.
      const shown = await shownCase(second);
      for (const key of ['a', 'x', 'Enter', 'b', 'j']) await second.keyboard.press(key);
      await drag(second, [0.4, 0.4], [0.6, 0.6]);
      expect(await shownCase(second)).toBe(shown);
      expect(written).toEqual([]);
    });

    it('shows a stroke while it is drawn, which is saved once', async () => {
      const second = await openSecond();
      await first.bringToFront();
      const id = await shownCase(first);
      const structure = await first
        .getByRole('toolbar', { name: 'Layers' })
        .locator('button[aria-pressed=true]')
        .first()
        .textContent()
        .then((text) => /\w+/.exec(text ?? '')?.[0]?.toLowerCase() ?? '');
      const old = await maskOf(first, id, structure);
      const picture = (): Promise<string> =>
        stageOf(second)
          .screenshot()
          .then((bytes) => bytes.toString('base64'));
      const empty = await picture();
      await first.keyboard.press('b');
      await pressAndMove(first, [0.35, 0.5], [0.65, 0.5]);
      // The pointer is still down.
      await expect.poll(picture, { timeout: SLOW }).not.toBe(empty);
      await first.mouse.up();
      await expect
        .poll(async () => (await maskOf(first, id, structure)).data.join(''), { timeout: SLOW })
        .not.toBe(old.data.join(''));
      const drawn = (await maskOf(first, id, structure)).data;

      await first.keyboard.press('Control+z');
      await expect.poll(picture, { timeout: SLOW }).toBe(empty);
      await expect
        .poll(async () => (await maskOf(first, id, structure)).data.join(''), { timeout: SLOW })
        .toBe(old.data.join(''));

      // A second window that comes later shows what is drawn, and closing it takes nothing away.
      await first.keyboard.press('Control+Shift+z');
      await second.close();
      const later = await openSecond();
      await expect.poll(() => shownCase(later), { timeout: SLOW }).toBe(id);
      await first.bringToFront();
      const gone = later.waitForEvent('close', { timeout: SLOW });
      await first.keyboard.press('Alt+s');
      await gone;
      await expect
        .poll(async () => (await maskOf(first, id, structure)).data.join(''), { timeout: SLOW })
        .toBe(drawn.join(''));
      expect(await shownCase(first)).toBe(id);
    });
  });
}
