import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from '@playwright/test';
import { openProject } from '../../audit/store/project.ts';
import { findChromium, launchChromium } from './chromium.mjs';
import { folderHash, makeDemo, makeGround, overread } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { serve } from './serve.mjs';
import { exportDataset, review, trainAgain } from './walk.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)('the whole way, in a browser', () => {
  let ground: Ground;
  let served: Awaited<ReturnType<typeof serve>>;
  let browser: Browser;
  let page: Page;
  let dataset: string;
  let done: Awaited<ReturnType<typeof review>>;
  const trouble: string[] = [];

  beforeAll(async () => {
    ground = makeGround();
    makeDemo(ground);
    dataset = folderHash(ground.dataset);
    served = await serve(ground.project, ground.env);
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') trouble.push(message.text());
    });
    await page.goto(served.url);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    ground?.remove();
  });

  it('reviews: worst first, brush, undo, proposal, exclude; the dataset stays as it was', async () => {
    done = await review(page);
    expect(folderHash(ground.dataset)).toBe(dataset);
    expect(trouble).toEqual([]);
  }, 180_000);

  it('trains again with live curves, and shows what moved', async () => {
    await trainAgain(page);
    expect(trouble).toEqual([]);
  }, 300_000);

  it('exports, and the export comes in again with the corrected pixels', async () => {
    const out = join(ground.root, 'corrected');
    await exportDataset(page, out);
    const again = join(ground.root, 'again.overread');
    overread(ground.env, 'create', again, '--from', out);
    const project = await openProject(again);
    try {
      const { brushed, excluded } = done;
      const mask = await project.mask(brushed.case, brushed.structure);
      expect(Buffer.compare(mask?.data ?? new Uint8Array(), brushed.mask.data)).toBe(0);
      // All labels of the case were excluded: nothing of it is passed on.
      expect(project.case(excluded)).toBeNull();
    } finally {
      project.close();
    }
    expect(folderHash(ground.dataset)).toBe(dataset);
    expect(trouble).toEqual([]);
  }, 180_000);
});
