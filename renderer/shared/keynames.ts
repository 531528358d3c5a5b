/**
 * The names of a pressed key, as the table of actions writes them, and how a name is shown. The sign that the key
 * writes comes first. Where a keyboard lacks the sign, the key's place on a US keyboard stands for it.
 */
import { isMac } from './shell.ts';

const LATIN = /^[A-Za-z0-9]$/;
const SIGN = /^[^A-Za-z0-9]$/;

/** The signs of a US keyboard by place. */
const SIGN_AT: Readonly<Record<string, string>> = {
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Semicolon: ';',
  Quote: "'",
  Minus: '-',
  Equal: '=',
};

/** Places of signs that many keyboards have only with AltGr, or with no key at all. */
const HARD_TO_REACH = /^(?:BracketLeft|BracketRight|Backslash)$/;

/** Where Greek and Hebrew keyboards have a sign in place of a letter. */
const IN_PLACE_OF_LETTER: Readonly<Record<string, string>> = { KeyQ: ';', KeyW: "'" };

/** Whether the key writes a letter that is not Latin, such as “ф” or “β”. */
const isForeignLetter = (key: string): boolean =>
  /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);

/** Whether AltGr made the sign. Windows then reports Ctrl and Alt as pressed, too. */
const byAltGr = (event: KeyboardEvent): boolean =>
  SIGN.test(event.key) && event.getModifierState('AltGraph');

/** Puts the pressed modifiers before the name. `shift` is false if Shift only served to write the sign. */
function withModifiers(event: KeyboardEvent, name: string, shift = event.shiftKey): string {
  const parts: string[] = [];
  if (!byAltGr(event)) {
    if (isMac ? event.metaKey : event.ctrlKey) parts.push('Mod');
    if (event.altKey) parts.push('Alt');
  }
  if (shift && !SIGN.test(name)) parts.push('Shift');
  return [...parts, name].join('+');
}

/** The name by the sign that the key writes. */
function ownName(event: KeyboardEvent): string {
  const { key, code } = event;
  // A French keyboard writes digits with Shift, which then is no part of the name. With Alt the place decides, so
  // that the digits have keys with Alt and keys with Alt and Shift on every keyboard.
  if (/^\d$/.test(key) && code.startsWith('Digit')) {
    return withModifiers(event, key, event.altKey && event.shiftKey);
  }
  return withModifiers(event, key.length === 1 ? key.toUpperCase() : key);
}

/** The letter, digit or sign at the key's place; null if the key's own sign decides. */
function byPlace({ key, code, shiftKey, altKey }: KeyboardEvent): string | null {
  const [, letter, digit] = /^(?:Key([A-Z])|Digit(\d))$/.exec(code) ?? [];
  const isForeign = isForeignLetter(key);
  // With Alt a Mac writes another sign on every key.
  if (altKey && !LATIN.test(key)) return letter ?? digit ?? null;
  if (letter !== undefined) return isForeign || IN_PLACE_OF_LETTER[code] === key ? letter : null;
  if (digit !== undefined) return shiftKey || /^\d$/.test(key) ? null : digit;
  if (shiftKey) return null;
  if (isForeign || (HARD_TO_REACH.test(code) && !LATIN.test(key))) return SIGN_AT[code] ?? null;
  return null;
}

/** The names of the pressed key: an action has the key if it has one of them. An earlier name wins. */
export function keyNames(event: KeyboardEvent): readonly string[] {
  const place = byPlace(event);
  const names = [ownName(event)];
  if (place !== null) names.push(withModifiers(event, place));
  return names;
}

/** The name under which a key is kept that a person chooses for an action. */
export function keyName(event: KeyboardEvent): string {
  const names = keyNames(event);
  return (isForeignLetter(event.key) || event.altKey ? names.at(-1) : names[0]) ?? event.key;
}

/** How a key is shown: `⌘K`, `Ctrl+K`. */
export function keyLabel(key: string): string {
  const names: Readonly<Record<string, string>> = {
    Mod: isMac ? '⌘' : 'Ctrl',
    Alt: isMac ? '⌥' : 'Alt',
    Shift: isMac ? '⇧' : 'Shift',
    Enter: '↵',
    Backspace: '⌫',
    Delete: 'Del',
    Escape: 'Esc',
    ArrowDown: '↓',
    ArrowUp: '↑',
    ArrowLeft: '←',
    ArrowRight: '→',
    ' ': 'Space',
  };
  return partsOf(key)
    .map((part) => names[part] ?? part)
    .join(isMac ? '' : '+');
}

/** The modifiers and the key of a name, in order. */
export function partsOf(key: string): string[] {
  // In `Mod++` the first plus separates, and the second is the key.
  return key === '+'
    ? ['+']
    : key.endsWith('++')
      ? [...key.slice(0, -2).split('+'), '+']
      : key.split('+');
}

/** A key as `aria-keyshortcuts` writes it, for screen readers: `Control+K`. */
export function ariaKey(key: string): string {
  const names: Readonly<Record<string, string>> = {
    Mod: isMac ? 'Meta' : 'Control',
    ' ': 'Space',
    '+': 'Plus',
  };
  return partsOf(key)
    .map((part) => names[part] ?? part)
    .join('+');
}
