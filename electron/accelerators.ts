/** Keys of the interface's actions as Electron writes them beside a menu item. Pure. */

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
  // The last plus of `Mod++` is the key itself.
  const parts = key === '+' ? ['+'] : key.replace(/\+\+$/, '+Plus').split('+');
  const named = parts.map((part) => NAMES[part] ?? part);
  const last = named.at(-1) ?? '';
  const known = /^(?:[A-Z0-9]|F\d{1,2}|[[\],./;'=\\-]|[A-Z][A-Za-z]+)$/.test(last);
  return known ? named.join('+') : null;
}
