/**
 * Imports datasets of three formats, trains on them, and reviews them with the labels that they came
 * with. In the desktop application a dataset is dropped on the window; in a browser its path is typed.
 */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import type { ProjectReader } from '../../audit/store/types.ts';
import { findDesktop, launch } from '../electron/launch.ts';
import { findChromium } from './chromium.mjs';
import { folderHash, makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { GIVEN_CASES, makeGiven } from './given.ts';
import type { Given } from './given.ts';
import { drop, maskOf, rows, shownCase, train } from './walk.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;
const STRUCTURES = ['lung', 'heart', 'clavicle'];
const desktop = await findDesktop();

/**
 * Drops a dataset in a browser, which hides its path from the page. The page says so, and the path is
 * typed.
 */
async function typedInto(page: Page, path: string): Promise<void> {
  await drop(page, path);
  await page.getByText(/A browser hides the path/).waitFor({ timeout: SLOW });
  await page.keyboard.press('Control+n');
  const source = page.getByRole('textbox', { name: /^Folder of the dataset/ });
  await source.fill(path);
  await source.press('Enter');
}

/** Checks what the import would take, then imports it. */
async function imported(page: Page, { format, folder }: Given): Promise<void> {
  const table = page.getByRole('table', { name: 'Images to import' });
  await table.waitFor({ timeout: SLOW });
  await page.getByText(`Read as ${format}`).waitFor();
  const place = page.getByRole('textbox', { name: 'Project folder' });
  expect(await place.inputValue()).toBe(`${folder}.overread`);
  const labels = GIVEN_CASES * STRUCTURES.length;
  await page.getByRole('button', { name: `Import ${GIVEN_CASES} cases, ${labels} labels` }).click();
  await page.getByText(`${GIVEN_CASES} cases imported.`).waitFor({ timeout: 60_000 });
  await page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: SLOW });
}

/** Trains, and checks that the worst case comes first, with the labels and facts of the dataset. */
async function reviewed(page: Page, origin: ProjectReader, { facts }: Given): Promise<void> {
  await train(page, { epochs: 3, size: 32 });
  await rows(page).first().waitFor({ timeout: SLOW });
  expect(await rows(page).count()).toBe(GIVEN_CASES);
  await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe('');
  const worst = await shownCase(page);
  expect(await rows(page).first().textContent()).toContain(worst);
  for (const structure of STRUCTURES) {
    const mask = await maskOf(page, worst, structure);
    const known = await origin.mask(basename(worst), structure);
    expect(Buffer.compare(mask.data, known?.data ?? new Uint8Array())).toBe(0);
  }
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  for (const fact of facts) {
    await expect.poll(() => inspector.textContent(), { timeout: SLOW }).toContain(fact);
  }
}

interface Window {
  readonly title: string;
  readonly skip: boolean;
  readonly open: (ground: Ground) => Promise<Opened>;
  readonly give: (page: Page, path: string) => Promise<void>;
}

const windows: readonly Window[] = [
  {
    title: 'the desktop application',
    skip: desktop === null,
    open: ({ config }) => launch(desktop!, config),
    give: drop,
  },
  { title: 'a browser', skip: findChromium() === null, open: inBrowser, give: typedInto },
];

describe.each(windows)('a dataset that is dropped, in $title', ({ skip, open, give }) => {
  describe.skipIf(skip)('', () => {
    let ground: Ground;
    let opened: Opened;
    let given: readonly Given[];
    let origin: ProjectReader;
    const trouble: string[] = [];

    beforeAll(async () => {
      ground = makeGround();
      ({ given, origin } = await makeGiven(ground.root));
      opened = await open(ground);
      opened.page.on('pageerror', (error) => trouble.push(error.message));
    }, 180_000);

    afterAll(async () => {
      await opened?.close();
      origin?.close();
      ground?.remove();
    }, 60_000);

    it.each([
      ['a folder of DICOM with DICOM-SEG', 0],
      ['a file of COCO', 1],
      ['a folder of labelme', 2],
    ])(
      '%s is reviewed, worst first, with its own labels; it stays as it was',
      async (_, index) => {
        const { page } = opened;
        const one = given[index];
        const before = folderHash(one.folder);
        await give(page, one.path);
        await imported(page, one);
        await reviewed(page, origin, one);
        expect(folderHash(one.folder)).toBe(before);
        expect(trouble).toEqual([]);
      },
      240_000,
    );

    it('is exported after a warning of what the format cannot hold, and is read only as its own format', async () => {
      const { page } = opened;
      await page.keyboard.press('Control+3');
      const format = page.getByRole('combobox', { name: 'Format' });
      await format.selectOption({ label: 'PASCAL VOC' });
      await page.getByText('One structure per pixel').waitFor({ timeout: SLOW });
      const out = join(ground.root, 'voc');
      await page.getByRole('textbox', { name: 'New folder' }).fill(out);
      await page.getByRole('button', { name: /^Export/ }).click();
      const warning = page.getByRole('alert').filter({ hasText: 'PASCAL VOC cannot hold' });
      await warning.waitFor({ timeout: SLOW });
      expect(existsSync(out)).toBe(false);
      await warning.getByRole('button', { name: 'Export anyway' }).click();
      await page.getByText(`${GIVEN_CASES} cases written to`).waitFor({ timeout: SLOW });

      await page.keyboard.press('Control+n');
      const source = page.getByRole('textbox', { name: /^Folder of the dataset/ });
      await source.fill(out);
      await source.press('Enter');
      await page.getByText('Read as PASCAL VOC').waitFor({ timeout: SLOW });
      await format.selectOption({ label: 'COCO' });
      const said = page.getByRole('alert').filter({ hasText: 'has no COCO file' });
      await said.waitFor({ timeout: SLOW });
      await format.selectOption({ label: 'PASCAL VOC' });
      await page.getByRole('button', { name: /^Import 8 cases/ }).waitFor({ timeout: SLOW });
      expect(trouble).toEqual([]);
    }, 120_000);
  });
});
