/**
 * Connects the table of actions with their handlers. A screen provides handlers while it is shown;
 * the keyboard, the palette and the menu run them. The settings may change keys.
 */
import { untrack } from 'svelte';
import { ACTIONS, keysOf } from '../../audit/contract/actions.ts';
import type { ActionSpec } from '../../audit/contract/actions.ts';
import { isLeftByClick } from './focus.ts';
import { ariaKey, keyLabel, keyNames } from './keynames.ts';
import { session } from './session.svelte.ts';

/** `down` is false when the key of a `hold` action is released. */
export type Handler = (down: boolean) => void;

/** Whether the person is typing into the focused element. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  );
}

/**
 * Whether the focused element handles Enter, space or the arrows itself. A control that a click left focused
 * answers neither Enter nor space.
 */
function answersItself(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === 'Enter' || key === ' ') {
    const control =
      'button, a, summary, [role=button], [role=tab], [role=menuitem], [role=option], [role=switch], [role=checkbox]';
    const box = 'input[type=checkbox], input[type=radio]';
    return target.matches(key === ' ' ? `${control}, ${box}` : control) && !isLeftByClick(target);
  }
  if (key.startsWith('Arrow') || key === 'Home')
    return target.matches(
      'input[type=range], [role=tab], [role=slider], [role=radio], [role=menuitem]',
    );
  return false;
}

class Actions {
  readonly #handlers = new Map<string, Handler>();
  /** Names that a screen gives to actions, by id: “Draw the lung”. */
  readonly #names = new Map<string, string>();
  #version = $state(0);
  readonly #held = new Map<string, string>();
  /** Number of open dialogs. While one is open, keys run no actions. */
  #modal = 0;

  /** Adds handlers until the returned function is called: `$effect(() => actions.provide({…}))`. */
  provide(handlers: Readonly<Record<string, Handler>>): () => void {
    for (const [id, handler] of Object.entries(handlers)) this.#handlers.set(id, handler);
    this.#changed();
    return () => {
      for (const [id, handler] of Object.entries(handlers)) {
        if (this.#handlers.get(id) === handler) this.#handlers.delete(id);
      }
      this.#changed();
    };
  }

  /**
   * Tells effects that read the handlers that these changed. `+=` also reads `#version`; without `untrack` an
   * effect that provides handlers would depend on it and run again and again.
   */
  #changed(): void {
    untrack(() => (this.#version += 1));
  }

  /**
   * Gives actions other names until the returned function is called: “Draw the lung” in place of “Edit structure 1”.
   */
  name(names: Readonly<Record<string, string>>): () => void {
    for (const [id, name] of Object.entries(names)) this.#names.set(id, name);
    this.#changed();
    return () => {
      for (const [id, name] of Object.entries(names)) {
        if (this.#names.get(id) === name) this.#names.delete(id);
      }
      this.#changed();
    };
  }

  /** The name of an action, as the screen calls it. */
  titleOf({ id, title }: ActionSpec): string {
    void this.#version;
    return this.#names.get(id) ?? title;
  }

  /** Call it when a dialog opens. @returns a function to call when the dialog closes */
  modal(): () => void {
    this.#modal += 1;
    return () => (this.#modal -= 1);
  }

  can(id: string): boolean {
    void this.#version;
    return this.#handlers.has(id);
  }

  /** Actions that do something on this screen now. */
  get available(): readonly ActionSpec[] {
    void this.#version;
    return ACTIONS.filter(({ id }) => this.#handlers.has(id));
  }

  run(id: string): void {
    this.#handlers.get(id)?.(true);
  }

  keysOf(action: ActionSpec): readonly string[] {
    return keysOf(action, session.settings?.keys);
  }

  #firstKey(id: string): string | undefined {
    const action = ACTIONS.find((candidate) => candidate.id === id);
    return action && this.keysOf(action)[0];
  }

  /** The key of an action as it is shown; empty without a key. */
  keyFor(id: string): string {
    const key = this.#firstKey(id);
    return key === undefined ? '' : keyLabel(key);
  }

  /** The key of an action for `aria-keyshortcuts`, which screen readers say; undefined without a key. */
  spokenKey(id: string | undefined): string | undefined {
    const key = id === undefined ? undefined : this.#firstKey(id);
    return key === undefined ? undefined : ariaKey(key);
  }

  /**
   * Whether a key without Ctrl belongs to the screen: no menu or dialog is open, nobody types, and the focused
   * control does not answer the key itself.
   */
  hears({ target, key, isComposing }: KeyboardEvent): boolean {
    return this.#modal === 0 && !isComposing && !isTyping(target) && !answersItself(target, key);
  }

  keydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (this.#modal > 0) return;
    const found = this.#meant(event);
    if (!found) return;
    const { action, name } = found;
    const chord = name.startsWith('Mod+') || /^F\d+$/.test(name);
    if (
      isTyping(event.target) &&
      !(chord && !/^Mod\+(?:Shift\+)?[ZYACVX]$/.test(name)) &&
      name !== 'Escape'
    )
      return;
    if (answersItself(event.target, event.key)) return;
    event.preventDefault();
    // A key that is held down judges once: nobody has seen the cases that would follow.
    if (event.repeat && (action.hold || action.group === 'Judge')) return;
    if (action.hold) {
      this.#held.set(event.code, action.id);
    }
    this.run(action.id);
  }

  /** The action that can run and has the pressed key, and the key's name; null if there is none. */
  #meant(event: KeyboardEvent): { action: ActionSpec; name: string } | null {
    for (const name of keyNames(event)) {
      const action = ACTIONS.find(
        (candidate) => this.#handlers.has(candidate.id) && this.keysOf(candidate).includes(name),
      );
      if (action) return { action, name };
    }
    return null;
  }

  keyup(event: KeyboardEvent): void {
    const id = this.#held.get(event.code);
    if (id === undefined) return;
    this.#held.delete(event.code);
    this.#handlers.get(id)?.(false);
  }

  /** Call it when the window loses the focus: ends the actions whose keys are held. */
  release(): void {
    for (const id of this.#held.values()) this.#handlers.get(id)?.(false);
    this.#held.clear();
  }
}

export const actions = new Actions();
