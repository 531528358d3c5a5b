/**
 * The tests from the start screen to the export, the same for desktop and browser, and for every
 * dataset.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import { TruthFile } from '../../audit/damage/truth.ts';
import { openProject } from '../../audit/store/project.ts';
import { launchChromium } from './chromium.mjs';
import { folderHash, makeGround, overread } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { serve } from './serve.mjs';
import { exportDataset, review, shownCase, trainAgain } from './walk.ts';
import type { Reviewed } from './walk.ts';

/** A running application that shows its start screen. */
export interface Opened {
  readonly page: Page;
  close(): Promise<void>;
}

export interface Way {
  /** True if the tests cannot run here; the reason was printed already. */
  readonly skip: boolean;
  /** Number of cases in the dataset. */
  readonly cases: number;
  /**
   * Puts the dataset into the folder `ground.dataset`, with a `truth.json` that names its errors.
   */
  prepare(ground: Ground): Promise<void> | void;
  /** Starts the application. */
  open(ground: Ground): Promise<Opened>;
  /** Goes from the start screen to the review of a project that is ranked. */
  begin(page: Page, ground: Ground): Promise<void>;
}

/** Serves the application as on a machine without a display, and opens it in a Chromium. */
export async function inBrowser(ground: Ground): Promise<Opened> {
  const served = await serve(undefined, ground.env);
  const browser = await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(served.url);
  await page.locator('main:not([aria-busy="true"])').waitFor();
  return {
    page,
    close: async () => {
      await browser.close();
      await served.stop();
    },
  };
}

/** Declares the tests for one application and one dataset. */
export function describeWay(title: string, way: Way): void {
  const { cases } = way;
  /** A training that is short, since the tests do not check how well it ranks. */
  const again = { epochs: 3, size: 32 };

  describe.skipIf(way.skip)(title, () => {
    let ground: Ground;
    let opened: Opened;
    let dataset: string;
    let done: Reviewed;
    const trouble: string[] = [];

    beforeAll(async () => {
      ground = makeGround();
      await way.prepare(ground);
      dataset = folderHash(ground.dataset);
      opened = await way.open(ground);
      opened.page.on('pageerror', (error) => trouble.push(error.message));
      opened.page.on('console', (message) => {
        if (message.type() === 'error') trouble.push(message.text());
      });
    }, 300_000);

    afterAll(async () => {
      await opened?.close();
      ground?.remove();
    }, 60_000);

    it('begins at the start screen, and comes to the worst label', async () => {
      await way.begin(opened.page, ground);
      await opened.page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: 20_000 });
      const truth = TruthFile.parse(
        JSON.parse(readFileSync(join(ground.dataset, 'truth.json'), 'utf8')),
      );
      // The worst case must be one whose labels are known to be wrong.
      expect(truth.errors.map((error) => error.case)).toContain(await shownCase(opened.page));
      expect(trouble).toEqual([]);
    }, 300_000);

    it('reviews: worst first, brush, undo, proposal, exclude; the dataset stays as it was', async () => {
      done = await review(opened.page, cases);
      expect(folderHash(ground.dataset)).toBe(dataset);
      expect(trouble).toEqual([]);
    }, 180_000);

    it('trains again with live curves, and shows what moved', async () => {
      await trainAgain(opened.page, again);
      expect(trouble).toEqual([]);
    }, 300_000);

    it('tells the errors found and left in the same words as the command line', async () => {
      const folder = await opened.page.evaluate(async () => {
        const answer = await fetch('/api/project');
        return ((await answer.json()) as { folder: string }).folder;
      });
      await opened.page.keyboard.press('Control+3');
      const main = opened.page.getByRole('main');
      const [first, ...others] = overread(ground.env, 'left', folder).trim().split('\n');
      const [found, left] = /^(.+? found)\. (.+)$/.exec(first)?.slice(1) ?? [];
      await opened.page.getByRole('banner').getByText(found).waitFor();
      for (const sentence of [found, left, ...others]) {
        await main.getByText(sentence).first().waitFor({ timeout: 20_000 });
      }
      expect(found).toMatch(/^\d+ errors? found$/);
    }, 60_000);

    it('exports a dataset that can be imported again with the corrected pixels', async () => {
      const out = join(ground.root, 'corrected');
      await exportDataset(opened.page, out, cases);
      const copy = join(ground.root, 'again.overread');
      overread(ground.env, 'create', copy, '--from', out);
      const project = await openProject(copy);
      try {
        const { brushed, excluded } = done;
        const mask = await project.mask(brushed.case, brushed.structure);
        expect(Buffer.compare(mask?.data ?? new Uint8Array(), brushed.mask.data)).toBe(0);
        // All labels of this case were excluded, so the export leaves it out.
        expect(project.case(excluded)).toBeNull();
        expect(project.caseIds()).toHaveLength(cases - 1);
      } finally {
        project.close();
      }
      expect(folderHash(ground.dataset)).toBe(dataset);
      expect(trouble).toEqual([]);
    }, 180_000);
  });
}
