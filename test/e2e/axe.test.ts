/** Checks every screen in both themes with axe, which must find no serious or critical fault. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { makeProject, trustIn } from '../audit/server/project.ts';
import { findChromium } from './chromium.mjs';
import { faultsOf } from './faults.ts';
import { makeDemo, makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { openDemo, rows } from './walk.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;
const RESULTS = join(import.meta.dirname, '../../docs/benchmark/jsrt');

/** Selector of dialogs and menus, which open over the page. */
const OVER = '[role=dialog], [role=menu]';

const inTheme = (page: Page, theme: 'dark' | 'light'): Promise<void> =>
  page.evaluate(`void (document.documentElement.dataset.theme = '${theme}')`);

/**
 * Checks in both themes. In the light theme it checks contrast only, because the themes differ only in
 * colours.
 * @param what name of the screen, for the report
 */
async function check(page: Page, what: string, within?: string): Promise<void> {
  const dark = await faultsOf(page, within);
  await inTheme(page, 'light');
  const light = await faultsOf(page, within, ['color-contrast']);
  await inTheme(page, 'dark');
  const found = [
    ...dark.map((fault) => `${what}, dark: ${fault}`),
    ...light.map((fault) => `${what}, light: ${fault}`),
  ];
  expect.soft(found).toEqual([]);
}

/** Opens and checks each menu and popover in `where`, one after the other. @returns their number */
async function checkMenus(page: Page, where: Locator): Promise<number> {
  const triggers = where.locator('button[aria-haspopup]:enabled:visible');
  const count = await triggers.count();
  for (let index = 0; index < count; index += 1) {
    const trigger = triggers.nth(index);
    const name = (await trigger.getAttribute('aria-label')) ?? (await trigger.textContent()) ?? '';
    await trigger.click();
    const opened = page.locator(OVER).last();
    await opened.waitFor({ timeout: SLOW });
    await check(page, `“${name.trim()}”`, OVER);
    await page.keyboard.press('Escape');
    await opened.waitFor({ state: 'detached', timeout: SLOW });
  }
  return count;
}

describe.skipIf(findChromium() === null)('accessibility', { timeout: 180_000 }, () => {
  let ground: Ground;
  let opened: Opened;
  let page: Page;
  let untrained: string;

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    page.evaluate(
      async ([how, where, json]) => {
        const headers = { 'content-type': 'application/json' };
        const response = await fetch(where, { method: how, ...(json && { headers, body: json }) });
        return response.json();
      },
      [method, path, body === undefined ? '' : JSON.stringify(body)] as const,
    );
  const openFolder = async (folder: string): Promise<void> => {
    await ask('POST', '/api/projects/open', { folder });
    await page.reload();
    await stage().waitFor({ timeout: SLOW });
  };
  const stage = (): Locator => page.getByRole('img', { name: /^X-ray / });

  beforeAll(async () => {
    ground = makeGround();
    makeDemo(ground);
    untrained = await makeProject(join(ground.root, 'untrained'), 24, false);
    await trustIn(ground.config, untrained);
    opened = await inBrowser(ground);
    page = opened.page;
  }, 300_000);

  afterAll(async () => {
    await opened?.close();
    ground?.remove();
  }, 60_000);

  it('holds on the first start, in the dialog that unpacks and in the one that chooses a folder', async () => {
    await check(page, 'welcome');
    await page.getByRole('button', { name: /unpack/i }).click();
    await page.getByRole('dialog').waitFor();
    await check(page, 'unpack', OVER);
    await press('Escape');
    await page.getByRole('button', { name: /open an existing project/ }).click();
    await page.getByRole('dialog').getByRole('group', { name: 'Folders' }).waitFor();
    await page.locator('[role=dialog] [aria-busy=false]').waitFor();
    await check(page, 'folders', OVER);
    await press('Escape');
  });

  it('holds for a new project, with the list of images to import', async () => {
    await press('Control+n');
    await check(page, 'new project');
    await page.getByRole('textbox', { name: /^Folder of the dataset/ }).fill(ground.dataset);
    await press('Enter');
    const table = page.getByRole('table', { name: 'Images to import' });
    await table.waitFor({ timeout: SLOW });
    await check(page, 'matched images');
    await checkMenus(page, page.getByRole('main'));
  });

  it('holds in the review, with its menus, dialogs and the inspector', async () => {
    await press('Control+o');
    await openDemo(page);
    await stage().waitFor({ timeout: SLOW });
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await expect
      .poll(() => inspector.getByRole('img').count(), { timeout: SLOW })
      .toBeGreaterThan(0);
    await check(page, 'review');
    expect(await checkMenus(page, page.getByRole('main'))).toBeGreaterThan(5);
    for (const summary of await inspector.locator('summary').all()) await summary.click();
    await check(page, 'inspector');
    await press('f');
    await page.getByRole('dialog').waitFor();
    await check(page, 'flag', OVER);
    await press('Escape');
  });

  it('holds with every layer, tool and selection of the review', async () => {
    for (const [name, keys] of [
      ['quality map', ['q']],
      ['proposal and difference', ['q', 'm', 'd']],
      ['brush', ['m', 'd', '1', 'b']],
      ['beside another case', ['v', 's']],
      ['labels as rows', ['s', 'l']],
      ['selected rows', [' ', 'j', ' ']],
      ['gallery', ['Shift+Q']],
    ] as const) {
      await press(...keys);
      await expect.poll(() => page.locator('[aria-busy=true]').count(), { timeout: SLOW }).toBe(0);
      await check(page, name);
    }
    await press('Shift+Q', 'Escape', '/');
    await page.keyboard.type('nothing is called that');
    await expect.poll(() => rows(page).count(), { timeout: SLOW }).toBe(0);
    await check(page, 'nothing found');
    await press('Escape', 'Escape', 'l');
  });

  it('holds in the palette and the map of the keyboard', async () => {
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).waitFor();
    await check(page, 'palette', OVER);
    await page.getByRole('combobox', { name: 'Find' }).fill('zzzz');
    await check(page, 'palette without a match', OVER);
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await press('?');
    await page.getByRole('dialog').waitFor();
    await check(page, 'map of the keyboard', OVER);
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('holds on the train screen during a training and after it, in all tabs', async () => {
    const { entries } = (await ask('GET', '/api/cases?limit=12')) as {
      entries: { case: string; worst: string | null }[];
    };
    for (const [index, verdict] of (
      ['excluded', 'excluded', 'flagged', 'accepted'] as const
    ).entries()) {
      const some = entries.slice(index * 3, index * 3 + 3);
      const items = some.map((entry) => ({ case: entry.case, structure: entry.worst }));
      await ask('POST', '/api/verdicts', { items, verdict });
    }
    await press('Control+2');
    const settings = page.getByRole('complementary', { name: 'Trainings' }).locator('summary');
    await settings.click();
    await check(page, 'train');
    const training = { epochs: 60, validationShare: 0, patience: null };
    await ask('POST', '/api/runs', { training, size: 32 });
    await page.getByRole('button', { name: 'Pause' }).waitFor({ timeout: SLOW });
    await page.getByRole('img', { name: /^Dice per structure\. / }).waitFor({ timeout: 60_000 });
    await check(page, 'training');
    await page
      .getByRole('region', { name: 'Current training' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.getByRole('alert').first().waitFor({ timeout: SLOW });
    await check(page, 'cancelled training');
    await page
      .getByRole('complementary', { name: 'Trainings' })
      .getByRole('button', { name: /^Run 1/ })
      .click();
    const tabs = page.getByRole('radiogroup', { name: 'View' }).getByRole('radio');
    for (const tab of await tabs.all()) {
      await tab.click();
      await expect.poll(() => page.getByRole('status', { name: /^Loading/ }).count()).toBe(0);
      await check(page, `train, ${await tab.textContent()}`);
    }
  });

  it('holds in the insights, with what an export would lose', async () => {
    await openFolder(ground.project);
    await press('Control+3');
    await page.getByRole('heading', { name: /labels reviewed, / }).waitFor({ timeout: SLOW });
    await check(page, 'insights');
    await page.getByRole('combobox', { name: 'Format' }).selectOption({ label: 'PASCAL VOC' });
    await page.getByRole('button', { name: 'Export', exact: false }).first().click();
    await page.getByText('Label by label').click({ timeout: 60_000 });
    await check(page, 'losses');
  });

  it('holds in the report of a benchmark', async () => {
    await press('Control+k');
    await page.getByRole('combobox', { name: 'Find' }).fill('benchmark report');
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Folder of a benchmark/ });
    const path = dialog.getByRole('textbox', { name: /^Path/ });
    await expect.poll(() => path.inputValue(), { timeout: SLOW }).not.toBe('');
    await path.fill(RESULTS);
    await path.press('Enter');
    await expect.poll(() => path.inputValue(), { timeout: SLOW }).toBe(RESULTS);
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor({ timeout: SLOW });
    await check(page, 'benchmark');
  });

  it('holds in the settings, with the keys and About', async () => {
    await press('Control+,');
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor();
    await check(page, 'settings');
    const key = page.getByRole('button', { name: /^Key of “Accept/ });
    await key.click();
    await check(page, 'a key that is asked for');
    await press('x');
    await page.getByRole('button', { name: 'Reassign' }).waitFor();
    await check(page, 'a key that is taken');
  });

  it('holds on the start with projects, before a training, and where an image is gone', async () => {
    await press('Control+o');
    await page.getByRole('article').first().waitFor({ timeout: SLOW });
    await check(page, 'projects');
    await openFolder(untrained);
    await check(page, 'review before a training');
    await press('Control+2');
    await page.getByText('Nothing was trained yet').waitFor({ timeout: SLOW });
    await check(page, 'before a training');
    await press('Control+3');
    await page.getByText('No scores yet').waitFor({ timeout: SLOW });
    await check(page, 'insights before a training');

    renameSync(join(ground.root, 'untrained', 'data'), join(ground.root, 'untrained', 'moved'));
    await page.reload();
    // Shows the last case, whose image the browser has not loaded before and cannot take from its
    // cache.
    await rows(page).first().waitFor({ timeout: SLOW });
    await press('End');
    const link = page.getByRole('button', { name: 'Relink images' }).first();
    await link.waitFor({ timeout: SLOW });
    await check(page, 'an image that is gone');
    await link.click();
    await page.getByRole('dialog').waitFor();
    await check(page, 'relink', OVER);
  });
});
