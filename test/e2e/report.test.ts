/**
 * The benchmark's report in a browser, for the results in docs/benchmark and for a folder without
 * results.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import { readResults } from '../../audit/benchmark/results.ts';
import type { ResultLine } from '../../audit/benchmark/results.ts';
import { grouped } from '../../models/groups.ts';
import { findChromium } from './chromium.mjs';
import { makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;
const RESULTS = join(import.meta.dirname, '../../docs/benchmark/jsrt');

describe.skipIf(findChromium() === null)('a benchmark’s report', { timeout: 120_000 }, () => {
  let ground: Ground;
  let opened: Opened;
  let page: Page;

  beforeAll(async () => {
    ground = makeGround();
    opened = await inBrowser(ground);
    page = opened.page;
  }, 120_000);

  afterAll(async () => {
    await opened?.close();
    ground?.remove();
  });

  async function choose(folder: string): Promise<void> {
    const dialog = page.getByRole('dialog', { name: /^Folder of a benchmark/ });
    const path = dialog.getByRole('textbox', { name: /^Path/ });
    await expect.poll(() => path.inputValue(), { timeout: SLOW }).not.toBe('');
    await path.fill(folder);
    await path.press('Enter');
    await dialog.getByRole('button', { name: 'Choose this folder' }).click();
  }

  it('says of a folder without results what is wrong, and asks for another', async () => {
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('combobox', { name: 'Find' });
    await palette.fill('benchmark report');
    await palette.press('Enter');
    await choose(ground.root);
    await page.getByText('The report cannot be shown').waitFor({ timeout: SLOW });
    expect(await page.locator('main').textContent()).toContain(
      `${ground.root} holds no results of a benchmark`,
    );
    await page.getByRole('button', { name: 'Choose another folder …' }).click();
  });

  it('shows every figure of the results, as tables and as dots', async () => {
    await choose(RESULTS);
    await page.getByRole('heading', { name: 'Benchmark', exact: true }).waitFor({ timeout: SLOW });
    const shown = (await page.locator('main').textContent()) ?? '';
    const results = await readResults(RESULTS);
    expect(results.size).toBeGreaterThan(5);
    // The report shows the mean over seeds, so only results of a single seed appear as they are.
    const alike = ({ cell }: ResultLine): string => JSON.stringify({ ...cell, seed: 0 });
    const alone = grouped([...results.values()], alike).filter(({ length }) => length === 1);
    expect(alone.length).toBeGreaterThan(5);
    for (const [{ result }] of alone) {
      if (result.meanTestDice !== null) expect(shown).toContain(result.meanTestDice.toFixed(4));
      const combined = result.evaluations.find(
        ({ by, per }) => by === 'combined' && per === 'case',
      );
      if (combined?.auroc) expect(shown).toContain(combined.auroc.toFixed(4));
    }
    expect(await page.getByRole('table').count()).toBeGreaterThan(3);
    const dots = page.getByRole('region', { name: /damaged cases/i });
    expect(await dots.getByRole('listitem').count()).toBeGreaterThan(3);
    // Nothing is wider than the window.
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });
});
