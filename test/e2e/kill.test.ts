/**
 * Ends the trainer, then the whole application, with `kill -9`. Checks what the window says, and what
 * is left on the disk.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '@playwright/test';
import { makeProject } from '../audit/server/project.ts';
import { family, findDesktop, launch, programs, until } from '../electron/launch.ts';
import type { Launched } from '../electron/launch.ts';
import { overread } from './fixture.ts';
import {
  drag,
  maskOf,
  pressAndMove,
  rows,
  shownCase,
  startTraining,
  underPointer,
} from './walk.ts';

const desktop = await findDesktop();
const SLOW = 20_000;

const nextCase = (page: Page, before: string): Promise<void> =>
  expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(before);

describe.skipIf(desktop === null)('kill -9', { timeout: 300_000 }, () => {
  let root: string;
  let config: string;
  let folder: string;
  let desk: Launched;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-kill-'));
    config = join(root, 'config');
    folder = await makeProject(root, 6);
    desk = await launch(desktop!, config, [folder]);
  }, 120_000);

  afterAll(async () => {
    await desk?.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('of the trainer: the window says so in words, and the training can be resumed', async () => {
    const { page } = desk;
    await startTraining(page, { epochs: 400, size: 32 });
    const [audit, trainer] = programs(desk.pid);
    process.kill(trainer, 'SIGKILL');
    const said = page
      .getByRole('alert')
      .filter({ hasText: 'ended unexpectedly by signal SIGKILL' });
    await said.waitFor({ timeout: SLOW });
    expect(await said.textContent()).toMatch(/The epochs so far are kept/);
    expect(programs(desk.pid)).toEqual([audit]);

    await said.getByRole('button', { name: 'Resume' }).click();
    const running = page.getByRole('region', { name: 'Current training' });
    await running.waitFor({ timeout: SLOW });
    const { runs } = (await desk.ask('/api/runs')).body as {
      runs: { id: string; status: string; live: object | null }[];
    };
    // The interrupted run goes on: beside it there is only the run that ranks, and no new one.
    expect(runs).toHaveLength(2);
    expect(runs[1].live).not.toBeNull();
    await running.getByText(/epoch \d+/i).waitFor({ timeout: SLOW });
    await running.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('This training was cancelled.').waitFor({ timeout: SLOW });
    await said.waitFor({ state: 'detached' });
  });

  it('of the whole application during a stroke: everything before that stroke is kept', async () => {
    const { page } = desk;
    await page.keyboard.press('Control+1');
    await rows(page).first().waitFor({ timeout: SLOW });
    const flagged = await shownCase(page);
    await page.keyboard.press('f');
    await page.getByRole('textbox', { name: /what should be looked at/ }).fill('Side unclear');
    await page.keyboard.press('Enter');
    await nextCase(page, flagged);
    const accepted = await shownCase(page);
    await page.keyboard.press('a');
    await nextCase(page, accepted);
    const drawn = await shownCase(page);
    await page.keyboard.press('1');
    await page.keyboard.press('c');
    await page.keyboard.type('Lower border redrawn');
    await page.keyboard.press('Enter');

    // Draws three strokes in different places, and begins a fourth.
    await page.keyboard.press('b');
    // Takes the thinnest brush, so that no stroke covers the end of another.
    const thin = page.getByRole('group', { name: 'Brush' }).getByText('1 px', { exact: true });
    await until('the brush is thin', async () => {
      await page.keyboard.press('[');
      return thin.isVisible();
    });
    const ends: { x: number; y: number }[] = [];
    const before = await maskOf(page, drawn, 'lung');
    for (const y of [0.2, 0.4, 0.6]) {
      await drag(page, [0.6, y], [0.65, y]);
      ends.push(await underPointer(page));
    }
    await pressAndMove(page, [0.6, 0.8], [0.65, 0.8]);
    for (const { pid } of family(desk.pid)) process.kill(pid, 'SIGKILL');
    await until('nothing of it is left', () => family(desk.pid).length === 0);

    desk = await launch(desktop!, config);
    const again = desk.page;
    await again.getByRole('button', { name: 'Chest & <friends>', exact: true }).click();
    await rows(again).first().waitFor({ timeout: SLOW });
    const row = (id: string) => rows(again).filter({ hasText: id });
    expect(await row(flagged).textContent()).toContain('flagged');
    expect(await row(accepted).textContent()).toContain('accepted');
    await row(drawn).click();
    await expect.poll(() => shownCase(again), { timeout: SLOW }).toBe(drawn);
    await again.keyboard.press('1');
    const comment = again.getByRole('textbox', { name: 'Comment on the lung' });
    await expect.poll(() => comment.inputValue(), { timeout: SLOW }).toBe('Lower border redrawn');
    const mask = await maskOf(again, drawn, 'lung');
    for (const { x, y } of ends) {
      expect(before.data[y * before.width + x]).toBe(0);
      expect(mask.data[y * mask.width + x]).toBe(1);
    }
    await desk.close();
    // `verify` fails if the journal, the hashes or the log are damaged.
    overread({ ...process.env, OVERREAD_CONFIG: config }, 'verify', folder);
  });
});
