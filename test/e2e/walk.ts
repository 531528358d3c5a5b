/**
 * The steps of a person's work from the start screen to the export: open the demo or import a dataset,
 * see the worst label, read why, fix it with the brush, undo and redo, take the model's proposal,
 * exclude, train, see what moved, export. Drawn masks are read back through the server. The steps are
 * the same in the desktop application and in a browser.
 */
import { basename, dirname } from 'node:path';
import { expect } from 'vitest';
import type { Locator, Page } from '@playwright/test';
import { decodeRuns } from '../../audit/contract/runs.ts';

const SLOW = 20_000;

/** Number of structures: phantoms and real X-rays both have lung, heart and clavicle. */
const STRUCTURES = 3;

export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
  readonly revision: number;
}

/** A label's newest mask, strokes included, as the server reads it from disk. */
export async function maskOf(page: Page, id: string, structure: string): Promise<Mask> {
  const path = `/api/cases/${encodeURIComponent(id)}/labels/${structure}/mask?drawn=true&packing=runs`;
  const found = await page.evaluate(async (address) => {
    const response = await fetch(address);
    const header = (name: string): number => Number(response.headers.get(`overread-${name}`));
    return {
      width: header('width'),
      height: header('height'),
      revision: header('revision'),
      bytes: [...new Uint8Array(await response.arrayBuffer())],
    };
  }, path);
  const data = decodeRuns(Uint8Array.from(found.bytes), found.width * found.height);
  return { ...found, data };
}

const sum = (data: Uint8Array): number => data.reduce((total, value) => total + value, 0);

export const rows = (page: Page): Locator =>
  page.getByRole('listbox', { name: /^Queue/ }).getByRole('option');

/** The id of the case on the stage, or '' if there is none. */
export async function shownCase(page: Page): Promise<string> {
  const name = await page.getByRole('img', { name: /^X-ray / }).getAttribute('aria-label');
  return /^X-ray (.+), \d+ by /.exec(name ?? '')?.[1] ?? '';
}

/** Waits until another case than `before` is on the stage. @returns the id of that case */
async function nextCase(page: Page, before: string): Promise<string> {
  await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(before);
  return shownCase(page);
}

/**
 * Presses on the stage and moves, without letting go. `from` and `to` are shares of the stage's size.
 */
export async function pressAndMove(
  page: Page,
  from: [number, number],
  to: [number, number],
): Promise<void> {
  const box = await page.getByRole('img', { name: /^X-ray / }).boundingBox();
  if (!box) throw new Error('there is no stage');
  const at = ([x, y]: [number, number]): [number, number] => [
    box.x + x * box.width,
    box.y + y * box.height,
  ];
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]), { steps: 4 });
  await page.mouse.move(...at(to), { steps: 4 });
}

/** Drags over the stage. `from` and `to` are shares of the stage's size. */
export async function drag(
  page: Page,
  from: [number, number],
  to: [number, number],
): Promise<void> {
  await pressAndMove(page, from, to);
  await page.mouse.up();
}

/** The image coordinates under the pointer, as the stage's read-out shows them. */
export async function underPointer(page: Page): Promise<{ x: number; y: number }> {
  const text = await page.getByRole('region', { name: 'Stage' }).textContent();
  const found = /x (\d+)\s+y (\d+)/.exec(text ?? '');
  if (!found) throw new Error(`no coordinates in: ${text}`);
  return { x: Number(found[1]), y: Number(found[2]) };
}

/**
 * Drops a file or folder of the disk into the middle of the page, as from the system's file manager.
 */
export async function drop(page: Page, path: string): Promise<void> {
  const box = await page.locator('body').boundingBox();
  if (!box) throw new Error('there is no page');
  const [x, y] = [box.width / 2, box.height / 2];
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x, y, data });
  }
  await session.detach();
}

/** Opens, from the start screen, the demo that `makeDemo` made. */
export async function openDemo(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Open the demo' }).click({ timeout: SLOW });
}

/**
 * Imports the dataset in `folder` as a person does in a browser: goes to the folder, chooses it, reads
 * what matched, and agrees. Ends on the review screen.
 * @param cases number of cases that must match, each with all its labels
 */
export async function importFolder(page: Page, folder: string, cases: number): Promise<void> {
  await page.keyboard.press('Control+n');
  await page.getByRole('button', { name: 'Choose …' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Folder of the dataset' });
  const path = dialog.getByRole('textbox', { name: /^Path/ });
  // The dialog first shows the home folder, and would overwrite a path that is typed before.
  await expect.poll(() => path.inputValue(), { timeout: SLOW }).not.toBe('');
  await path.fill(dirname(folder));
  await path.press('Enter');
  await dialog.getByRole('button', { name: new RegExp(`^${basename(folder)} `) }).click();
  await expect.poll(() => path.inputValue(), { timeout: SLOW }).toBe(folder);
  await dialog.getByRole('button', { name: 'Choose this folder' }).click();
  const table = page.getByRole('table', { name: 'Images to import' });
  await table.waitFor({ timeout: SLOW });
  expect(await table.getAttribute('aria-rowcount')).toBe(`${cases + 1}`);
  const masks = table.getByRole('row').nth(1).getByText('has a mask');
  expect(await masks.count()).toBe(STRUCTURES);
  const agree = `Import ${cases} cases, ${cases * STRUCTURES} labels`;
  await page.getByRole('button', { name: agree }).click();
  await page.getByText(`${cases} cases imported.`).waitFor({ timeout: 60_000 });
  await page.getByRole('img', { name: /^X-ray / }).waitFor({ timeout: SLOW });
}

/** The cases of `review`: one was drawn on, one got the model's proposal, and one was excluded. */
export interface Reviewed {
  readonly brushed: { readonly case: string; readonly structure: string; readonly mask: Mask };
  readonly proposed: string;
  readonly excluded: string;
}

/**
 * Reviews the three worst cases: draws on the first, takes the model's proposal for the second, and
 * excludes the third.
 * @param cases number of cases in the project
 */
export async function review(page: Page, cases: number): Promise<Reviewed> {
  // The worst label comes first, and the inspector says why.
  await rows(page).first().waitFor({ timeout: SLOW });
  expect(await rows(page).first().getAttribute('aria-selected')).toBe('true');
  const first = await nextCase(page, '');
  expect(await rows(page).first().textContent()).toContain(first);
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect
    .poll(() => inspector.textContent(), { timeout: SLOW })
    .toMatch(new RegExp(`of ${cases}\\s+cases`));

  // Draw with the brush: the mask on disk must have the pixels under the pointer.
  await page.keyboard.press('1');
  const before = await maskOf(page, first, 'lung');
  await page.keyboard.press('b');
  await drag(page, [0.42, 0.8], [0.58, 0.84]);
  const end = await underPointer(page);
  await expect
    .poll(async () => sum((await maskOf(page, first, 'lung')).data), { timeout: SLOW })
    .not.toBe(sum(before.data));
  const drawn = await maskOf(page, first, 'lung');
  expect(before.data[end.y * before.width + end.x]).toBe(0);
  expect(drawn.data[end.y * drawn.width + end.x]).toBe(1);

  // Undo, redo.
  const settles = (data: Uint8Array): Promise<void> =>
    expect
      .poll(async () => Buffer.compare((await maskOf(page, first, 'lung')).data, data), {
        timeout: SLOW,
      })
      .toBe(0);
  await page.keyboard.press('Control+z');
  await settles(before.data);
  await page.keyboard.press('Control+y');
  await settles(drawn.data);

  // Enter gives the verdict “fixed” and goes to the next case.
  await page.keyboard.press('Enter');
  const second = await nextCase(page, first);
  await expect.poll(() => rows(page).first().textContent(), { timeout: SLOW }).toContain('fixed');
  // The queue shows the verdict at once; the revision is on the disk a moment later.
  const revised = async (): Promise<number> => (await maskOf(page, first, 'lung')).revision;
  await expect.poll(revised, { timeout: SLOW }).toBe(before.revision + 1);
  const fixed = await maskOf(page, first, 'lung');
  expect(Buffer.compare(fixed.data, drawn.data)).toBe(0);

  // The inspector also explains the suspicion with small pictures, one for each structure.
  const pictures = (): Promise<number> =>
    inspector
      .getByRole('img')
      .evaluateAll(
        (all: readonly { naturalWidth?: number }[]) =>
          all.filter(({ naturalWidth = 0 }) => naturalWidth > 0).length,
      );
  await expect.poll(pictures, { timeout: SLOW }).toBe(STRUCTURES);

  // Take the model's proposal for the whole label, which is possible once the image is loaded.
  const propose = page.getByRole('button', { name: /^Take the model/ });
  await expect.poll(() => propose.isEnabled(), { timeout: SLOW }).toBe(true);
  const own = await maskOf(page, second, 'lung');
  await page.keyboard.press('1');
  await page.keyboard.press('t');
  await expect
    .poll(async () => Buffer.compare((await maskOf(page, second, 'lung')).data, own.data), {
      timeout: SLOW,
    })
    .not.toBe(0);
  await page.keyboard.press('Enter');
  const third = await nextCase(page, second);

  // Exclude the third case.
  await page.keyboard.press('x');
  await nextCase(page, third);
  await expect.poll(() => rows(page).nth(2).textContent(), { timeout: SLOW }).toContain('excluded');
  return {
    brushed: { case: first, structure: 'lung', mask: drawn },
    proposed: second,
    excluded: third,
  };
}

/** Settings of a training, as typed into its form. */
export interface Training {
  readonly epochs: number;
  /** Side of the square images that the networks see, in pixels. */
  readonly size: number;
}

/** Starts a training in the window, and waits until it shows its first curve. */
export async function startTraining(page: Page, { epochs, size }: Training): Promise<void> {
  await page.keyboard.press('Control+2');
  await page.getByText('Settings', { exact: true }).last().click();
  await page.getByRole('spinbutton', { name: 'Epochs' }).fill(`${epochs}`);
  await page.getByRole('spinbutton', { name: /^Image size/ }).fill(`${size}`);
  await page.getByRole('spinbutton', { name: 'Validation share' }).fill('0');
  await page.getByRole('spinbutton', { name: 'Patience' }).fill('');
  const next = page.getByRole('region', { name: 'Next training' });
  await next.getByRole('button', { name: /^Train/ }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor({ timeout: SLOW });
  // The curve appears while the training still runs.
  const dice = page.getByRole('img', { name: /^Dice per structure\. / });
  await dice.waitFor({ timeout: 120_000 });
}

/** Runs the first training of a project, and waits until its run ranks the cases. */
export async function train(page: Page, training: Training): Promise<void> {
  await startTraining(page, training);
  await page.getByText('ranks now').waitFor({ timeout: 180_000 });
  await page.keyboard.press('Control+1');
}

/**
 * Trains again on the corrected labels, sees the curves during the training, and reads what moved.
 */
export async function trainAgain(page: Page, training: Training): Promise<void> {
  await startTraining(page, training);
  const moved = page.getByRole('heading', { name: /worst, before and now/ });
  await moved.waitFor({ timeout: 180_000 });
  const text = await page.getByRole('main').textContent();
  expect(text).toMatch(/\d+ entered, \d+ left/);
  expect(text).toContain('Dice with the model');
}

/**
 * Checks the errors found on the insights screen, and exports the corrected dataset to `folder`.
 * @param cases number of cases in the project, of which `review` has reviewed three
 */
export async function exportDataset(page: Page, folder: string, cases: number): Promise<void> {
  await page.keyboard.press('Control+3');
  const reviewed = page.getByRole('heading', { name: /labels reviewed, \d+ errors? found/ });
  await reviewed.waitFor({ timeout: SLOW });
  // `review` fixed two labels, accepted the other labels of their cases, and excluded three labels.
  const labels = cases * STRUCTURES;
  expect((await reviewed.textContent())?.replaceAll(/\s+/g, ' ')).toContain(
    `9 of ${labels} labels reviewed, 5 errors found`,
  );
  await page.getByRole('textbox', { name: 'New folder' }).fill(folder);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByText(/cases? written to/).waitFor({ timeout: 60_000 });
}
