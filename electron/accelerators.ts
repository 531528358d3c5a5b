/** Writes the keys of the interface's actions as Electron's accelerators, for menu items. Pure. */

const NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  '+': 'Plus',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
  Mod: 'CommandOrControl',
};

/** `Mod+Shift+Z` → `CommandOrControl+Shift+Z`; null where Electron has no name for the key. */
export function acceleratorOf(key: string): string | null {
  // In `Mod++` the first plus separates, and the second is the key.
  const parts = key === '+' ? ['+'] : key.replace(/\+\+$/, '+Plus').split('+');
  const named = parts.map((part) => NAMES[part] ?? part);
  const last = named.at(-1) ?? '';
  const known = /^(?:[A-Z0-9]|F\d{1,2}|[[\],./;'=\\-]|[A-Z][A-Za-z]+)$/.test(last);
  return known ? named.join('+') : null;
}
