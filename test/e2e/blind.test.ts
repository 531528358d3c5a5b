/** A blind check in a browser: it hides rank and reasons until the verdict, and then shows them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import { CasesPage } from '../../audit/contract/api.ts';
import { makeProject } from '../audit/server/project.ts';
import { findChromium, launchChromium } from './chromium.mjs';
import { serve } from './serve.mjs';
import { rows, shownCase } from './walk.ts';

const SLOW = 20_000;
/** Number of cases: so many that the queue has blind checks. */
const CASES = 60;

describe.skipIf(findChromium() === null)('a blind check', { timeout: 120_000 }, () => {
  let root: string;
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-blind-'));
    const project = await makeProject(root, CASES);
    const { url, stop } = await serve(project, {
      ...process.env,
      OVERREAD_CONFIG: join(root, 'config'),
    });
    const browser = await launchChromium();
    close = async () => {
      await browser.close();
      await stop();
    };
    // The page is so high that the list draws the row of the first blind check without scrolling.
    page = await browser.newPage({ viewport: { width: 1440, height: 1800 } });
    await page.goto(url);
    await rows(page).first().waitFor({ timeout: SLOW });
  }, 120_000);

  afterAll(async () => {
    await close?.();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The number of blind checks in the whole queue. The list draws only some rows, so the server is asked. */
  async function blindRows(): Promise<number> {
    const body: unknown = await page.evaluate(async (address) => {
      const response = await fetch(address);
      return response.json();
    }, `/api/cases?blind=true&limit=${CASES}`);
    return CasesPage.parse(body).entries.filter((row) => row.blind).length;
  }

  it('hides rank and reasons until the verdict, and is told in words', async () => {
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    const ranked = new RegExp(`of ${CASES}\\s+cases`);
    // The inspector shows the rank of the first row: the worst rows are never blind checks.
    await expect.poll(() => inspector.textContent(), { timeout: SLOW }).toMatch(ranked);
    const checks = rows(page).filter({ hasText: 'blind check' });
    const before = await blindRows();
    expect(before).toBeGreaterThan(0);

    await checks.first().click();
    await inspector.getByRole('heading', { name: 'Blind check' }).waitFor({ timeout: SLOW });
    expect(await inspector.textContent()).not.toMatch(ranked);
    const id = await shownCase(page);
    const row = rows(page).filter({ hasText: new RegExp(`${id}(?!\\d)`) });
    expect(await row.textContent()).toContain('blind check');

    await page.keyboard.press('a');
    await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(id);
    await expect.poll(() => row.textContent(), { timeout: SLOW }).toContain('accepted');
    // The row shows the verdict at once, but is a blind check until the server has answered.
    await expect.poll(() => row.textContent(), { timeout: SLOW }).not.toContain('blind check');
    expect(await blindRows()).toBe(before - 1);

    // The inspector now shows the rank of the judged case.
    await row.click();
    await expect.poll(() => inspector.textContent(), { timeout: SLOW }).toMatch(ranked);
    expect(await shownCase(page)).toBe(id);
  });
});
