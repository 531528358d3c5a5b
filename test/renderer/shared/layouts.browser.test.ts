/// <reference types="@vitest/browser-playwright" />
/** Keys of keyboards that are not American, pressed as the browser reports them from such a keyboard. */
import { expect, it, onTestFinished } from 'vitest';
import { cdp, userEvent } from 'vitest/browser';
import Palette from '../../../renderer/shared/Palette.svelte';
import { actions, type Handler } from '../../../renderer/shared/actions.svelte.ts';
import { mount } from '../mounted/index.ts';

interface Modifiers {
  readonly ctrl?: true;
  readonly alt?: true;
  readonly shift?: true;
  /** AltGr, which Windows reports together with Ctrl and Alt. */
  readonly altGr?: true;
}

/** Presses a key that writes `key` and lies where a US keyboard has `code`. */
async function press(key: string, code: string, modifiers: Modifiers = {}): Promise<void> {
  const { ctrl, alt, shift, altGr } = modifiers;
  const bits = (alt ? 1 : 0) + (ctrl ? 2 : 0) + (shift ? 8 : 0);
  if (altGr) {
    const sign = { key, code, ctrlKey: true, altKey: true, modifierAltGraph: true, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent('keydown', sign));
    return;
  }
  const event = { key, code, modifiers: bits };
  await cdp().send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
  await cdp().send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
}

/** Lets the actions note that they ran. @returns the ids of those that ran */
async function listen(...ids: string[]): Promise<() => string[]> {
  await mount(Palette, {});
  // Gives the focus to the frame of the test.
  await userEvent.keyboard('{Shift}');
  const ran: string[] = [];
  const handlers: Record<string, Handler> = {};
  for (const id of ids) handlers[id] = (down) => void (down && ran.push(id));
  onTestFinished(actions.provide(handlers));
  return () => ran;
}

it('runs actions on a Russian keyboard by the place of a key', async () => {
  const ran = await listen('verdict.accepted', 'tool.brush', 'brush.smaller', 'label.shrink');
  await press('ф', 'KeyA');
  await press('и', 'KeyB');
  await press('х', 'BracketLeft');
  await press('б', 'Comma');
  await expect
    .poll(ran)
    .toEqual(['verdict.accepted', 'tool.brush', 'brush.smaller', 'label.shrink']);
});

it('keeps Shift and Ctrl on a Russian keyboard, and the signs that it has', async () => {
  const ran = await listen('label.smooth', 'edit.undo', 'edit.redo', 'label.grow', 'queue.search');
  await press('Ы', 'KeyS', { shift: true });
  await press('я', 'KeyZ', { ctrl: true });
  await press('Я', 'KeyZ', { ctrl: true, shift: true });
  // The full stop lies where a US keyboard has the slash.
  await press('.', 'Slash');
  await press('/', 'Backslash', { shift: true });
  await expect
    .poll(ran)
    .toEqual(['label.smooth', 'edit.undo', 'edit.redo', 'label.grow', 'queue.search']);
});

it('runs actions on a Greek keyboard, where Q is a semicolon', async () => {
  const ran = await listen('verdict.excluded', 'layer.quality', 'palette');
  await press('χ', 'KeyX');
  await press(';', 'KeyQ');
  await press('κ', 'KeyK', { ctrl: true });
  await expect.poll(ran).toEqual(['verdict.excluded', 'layer.quality', 'palette']);
});

it('takes the digits and brackets of a French keyboard with and without Shift', async () => {
  const ran = await listen(
    'structure.edit.1',
    'structure.edit.2',
    'structure.show.1',
    'view.fit',
    'brush.larger',
    'brush.smaller',
    'go.review',
    'view.inspector',
  );
  await press('&', 'Digit1');
  await press('1', 'Digit1', { shift: true });
  await press('é', 'Digit2');
  await press('&', 'Digit1', { alt: true });
  await press('à', 'Digit0');
  await press('Dead', 'BracketLeft');
  await press('$', 'BracketRight');
  await press('&', 'Digit1', { ctrl: true });
  await press('*', 'Backslash');
  await expect
    .poll(ran)
    .toEqual([
      'structure.edit.1',
      'structure.edit.1',
      'structure.edit.2',
      'structure.show.1',
      'view.fit',
      'brush.smaller',
      'brush.larger',
      'go.review',
      'view.inspector',
    ]);
});

it('takes a French letter by its sign, wherever it lies, and a bracket by AltGr', async () => {
  const ran = await listen('verdict.accepted', 'layer.quality', 'layer.model', 'brush.smaller');
  await press('a', 'KeyQ');
  await press('q', 'KeyA');
  await press('m', 'Semicolon');
  await press('[', 'Digit5', { altGr: true });
  await expect
    .poll(ran)
    .toEqual(['verdict.accepted', 'layer.quality', 'layer.model', 'brush.smaller']);
});

it('runs nothing on a sign that a US keyboard writes with Shift', async () => {
  const ran = await listen('structure.edit.1', 'brush.smaller', 'layer.model', 'queue.next');
  await press('!', 'Digit1', { shift: true });
  await press('{', 'BracketLeft', { shift: true });
  await press('j', 'KeyJ');
  await expect.poll(ran).toEqual(['queue.next']);
});
