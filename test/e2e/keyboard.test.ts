/**
 * A whole review by keyboard alone, as a person with a screen reader does it: open, judge ten, repair two, train,
 * export. At each step the accessibility tree must name every control and what has the focus, and a change must be
 * announced.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CDPSession, Locator, Page } from '@playwright/test';
import { findChromium } from './chromium.mjs';
import { makeDemo, makeGround } from './fixture.ts';
import type { Ground } from './fixture.ts';
import { maskOf, shownCase } from './walk.ts';
import { inBrowser } from './whole.ts';
import type { Opened } from './whole.ts';

const SLOW = 20_000;
/** Most presses of Tab that a person needs on one screen. */
const MOST_TABS = 90;

/** Roles that a person acts on, and that a screen reader must be able to name. */
const CONTROLS = new Set([
  ...['button', 'link', 'textbox', 'searchbox', 'combobox', 'spinbutton', 'checkbox', 'radio'],
  ...[
    'switch',
    'slider',
    'menuitem',
    'menuitemcheckbox',
    'option',
    'tab',
    'img',
    'dialog',
    'listbox',
  ],
]);

interface Node {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly {
    readonly name: string;
    readonly value: { readonly value: unknown };
  }[];
}

describe.skipIf(findChromium() === null)('a review by keyboard', { timeout: 180_000 }, () => {
  let ground: Ground;
  let opened: Opened;
  let page: Page;
  let tree: CDPSession;

  beforeAll(async () => {
    ground = makeGround();
    makeDemo(ground);
    opened = await inBrowser(ground);
    page = opened.page;
    tree = await page.context().newCDPSession(page);
  }, 300_000);

  afterAll(async () => {
    await opened?.close();
    ground?.remove();
  }, 60_000);

  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  /** What is wrong with the tree that a screen reader reads: controls without a name, or a lost focus. */
  async function faults(): Promise<string[]> {
    const { nodes } = (await tree.send('Accessibility.getFullAXTree')) as { nodes: Node[] };
    const shown = nodes.filter(({ ignored }) => !ignored);
    const roleOf = ({ role }: Node): string => role?.value ?? '';
    const has = ({ properties = [] }: Node, name: string): boolean =>
      properties.some((property) => property.name === name && property.value.value === true);
    const found = shown
      .filter((node) => CONTROLS.has(roleOf(node)) && (node.name?.value ?? '').trim() === '')
      .filter((node) => roleOf(node) !== 'option' || has(node, 'focusable'))
      .map((node) => `a ${roleOf(node)} has no name`);
    const focused = shown.filter((node) => has(node, 'focused') && roleOf(node) !== 'RootWebArea');
    if (focused.length > 1) found.push(`${focused.length} have the focus`);
    for (const node of focused)
      if ((node.name?.value ?? '').trim() === '')
        found.push(`a ${roleOf(node)} without a name has the focus`);
    const headings = shown.filter(
      (node) =>
        roleOf(node) === 'heading' &&
        node.properties?.some(({ name, value }) => name === 'level' && value.value === 1),
    );
    if (headings.length !== 1)
      found.push(`there are ${headings.length} headings of the first level`);
    return found;
  }

  /** Waits until the tree has no fault: while a screen is loading, its heading may be missing. */
  const isReadable = (): Promise<void> => expect.poll(faults, { timeout: SLOW }).toEqual([]);

  /** Presses Tab until `wanted` has the focus. */
  async function tabTo(wanted: Locator): Promise<void> {
    await wanted.waitFor({ timeout: SLOW });
    const has = (): Promise<boolean> =>
      wanted.evaluate(
        (element: { ownerDocument: { activeElement: unknown } }) =>
          element === element.ownerDocument.activeElement,
      );
    for (let tabs = 0; tabs < MOST_TABS; tabs += 1) {
      if (await has()) return;
      await press('Tab');
    }
    throw new Error(`Tab does not reach ${String(wanted)}`);
  }

  /** What a screen reader says by itself: the texts of live regions. */
  const said = async (): Promise<string> =>
    (await page.locator('[role=status], [role=alert], [aria-live]').allTextContents()).join(' ');

  it('opens the demo, and begins at the worst case', async () => {
    await isReadable();
    await tabTo(page.getByRole('button', { name: 'Open the demo' }));
    await press('Enter');
    await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe('');
    await isReadable();
  });

  it('judges ten cases, and hears what was judged', async () => {
    for (let count = 0; count < 10; count += 1) {
      const before = await shownCase(page);
      const exclude = count % 3 === 2;
      await press(exclude ? 'x' : 'a');
      await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(before);
      await expect.poll(said, { timeout: SLOW }).toContain(`${before}`);
      await isReadable();
    }
    const judged = page.getByRole('progressbar', { name: 'Cases reviewed' });
    await expect.poll(() => judged.getAttribute('aria-valuenow'), { timeout: SLOW }).toBe('42');
  });

  it('repairs two cases with keys, and hears what could not change', async () => {
    for (const key of ['t', '.']) {
      const id = await shownCase(page);
      const before = await maskOf(page, id, 'lung');
      await press('1', key);
      const drawn = async (): Promise<number> =>
        Buffer.compare((await maskOf(page, id, 'lung')).data, before.data);
      await expect.poll(drawn, { timeout: SLOW }).not.toBe(0);
      await press('Shift+F', 'Shift+F');
      await expect.poll(said, { timeout: SLOW }).toMatch(/The lung has no holes\./);
      await isReadable();
      await press('Enter');
      await expect.poll(() => shownCase(page), { timeout: SLOW }).not.toBe(id);
      const revised = async (): Promise<number> => (await maskOf(page, id, 'lung')).revision;
      await expect.poll(revised, { timeout: SLOW }).toBe(before.revision + 1);
    }
  });

  it('reads why a label is suspected, and what the words mean', async () => {
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    const word = inspector.getByRole('button', { name: /^(?:expected )?dice$/ }).first();
    await tabTo(word);
    await page.getByRole('tooltip').waitFor({ timeout: SLOW });
    await isReadable();
    await press('Escape');
  });

  it('refuses a training of 0 epochs in one sentence, and trains', async () => {
    await press('Control+2');
    const settings = page.getByRole('complementary', { name: 'Trainings' }).locator('summary');
    await tabTo(settings);
    await press('Enter');
    const type = async (name: string | RegExp, text: string): Promise<void> => {
      await tabTo(page.getByRole('spinbutton', { name }));
      await press('Control+a');
      if (text === '') await press('Delete');
      else await page.keyboard.type(text);
    };
    await type('Epochs', '0');
    await page
      .getByRole('alert')
      .filter({ hasText: 'Epochs: at least 1.' })
      .waitFor({ timeout: SLOW });
    await isReadable();
    await type('Epochs', '3');
    await type(/^Image size/, '32');
    await type('Patience', '');
    await type('Validation share', '0');
    await tabTo(page.getByRole('button', { name: /^Train again/ }));
    await press('Enter');
    await page.getByRole('progressbar').first().waitFor({ timeout: SLOW });
    await isReadable();
    await page
      .getByRole('heading', { name: /worst, before and now/ })
      .waitFor({ timeout: 120_000 });
    await isReadable();
  });

  it('exports, and hears that the folder is full when it asks again', async () => {
    const out = join(ground.root, 'corrected');
    await press('Control+3');
    await tabTo(page.getByRole('textbox', { name: 'New folder' }));
    await press('Control+a');
    await page.keyboard.type(out);
    await isReadable();
    await tabTo(page.getByRole('button', { name: /^Export\b/ }));
    await press('Enter');
    await page
      .getByRole('status')
      .filter({ hasText: /written to/ })
      .waitFor({ timeout: 60_000 });
    expect(existsSync(out)).toBe(true);
    const folder = page.getByRole('textbox', { name: 'New folder' });
    await expect.poll(() => folder.inputValue(), { timeout: SLOW }).toBe(`${out}-2`);
    await tabTo(folder);
    await press('Control+a');
    await page.keyboard.type(out);
    await page.getByText('The last export filled this folder: name a new one.').waitFor();
    await isReadable();
  });
});
