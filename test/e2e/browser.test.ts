import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from '@playwright/test';
import { findChromium, launchChromium } from './browser.ts';
import { folderHash, makeDemo, makeGround, serve } from './fixture.ts';
import type { Ground, Served } from './fixture.ts';
import { review } from './walk.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)('the whole way, in a browser', () => {
  let ground: Ground;
  let served: Served;
  let browser: Browser;
  let page: Page;
  let dataset: string;
  const trouble: string[] = [];

  beforeAll(async () => {
    ground = makeGround();
    makeDemo(ground);
    dataset = folderHash(ground.dataset);
    served = await serve(ground, ground.project);
    browser = await launchChromium(chromium ?? '');
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') trouble.push(message.text());
    });
    await page.goto(served.url);
  }, 180_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    ground?.remove();
  });

  it('reviews: worst first, brush, undo, proposal, exclude; the dataset stays as it was', async () => {
    await review(page);
    expect(folderHash(ground.dataset)).toBe(dataset);
    expect(trouble).toEqual([]);
  }, 120_000);
});
