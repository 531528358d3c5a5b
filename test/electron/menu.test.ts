import { describe, expect, it } from 'vitest';
import type { MenuItemConstructorOptions } from 'electron';
import { ACTIONS } from '../../audit/contract/actions.ts';
import { acceleratorOf } from '../../electron/accelerators.ts';
import { menuTemplate } from '../../electron/menu.ts';
import type { MenuState } from '../../electron/menu.ts';

type Item = MenuItemConstructorOptions;

const acted: string[] = [];
const handlers = {
  act: (id: string) => void acted.push(id),
  openDialog: () => void acted.push('dialog'),
  openRecent: (folder: string) => void acted.push(folder),
  about: () => void acted.push('about'),
  showLog: () => void acted.push('log'),
};

function all(items: readonly Item[]): Item[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? all(item.submenu) : [])]);
}

function menu(change: Partial<MenuState> = {}): Item[] {
  const state = { recent: [], keys: {}, open: true, mac: false, development: false, ...change };
  return all(menuTemplate(handlers, state));
}

describe('the menu', () => {
  it('has every action once, except “Cancel or close”', () => {
    const ids = menu().flatMap(({ id }) => id ?? []);
    for (const { id } of ACTIONS) {
      expect(
        ids.filter((other) => other === id),
        id,
      ).toHaveLength(id === 'cancel' ? 0 : 1);
    }
  });

  it('says which action was chosen', () => {
    acted.length = 0;
    const item = menu().find(({ id }) => id === 'tool.brush');
    (item?.click as (() => void) | undefined)?.();
    expect(acted).toEqual(['tool.brush']);
  });

  it('shows the key that the person chose, and none where the person took it away', () => {
    const keys = { 'tool.brush': 'P', 'tool.eraser': '' };
    const accelerator = (id: string) => menu({ keys }).find((item) => item.id === id)?.accelerator;
    expect(accelerator('tool.brush')).toBe('P');
    expect(accelerator('tool.eraser')).toBeUndefined();
    expect(accelerator('tool.lasso')).toBe('O');
  });

  it('registers no key, and shows no bare letter on a Mac, which would register it', () => {
    for (const item of menu().filter(({ accelerator }) => accelerator)) {
      expect(item.registerAccelerator, item.label).toBe(false);
    }
    for (const { accelerator, label } of menu({ mac: true })) {
      if (accelerator) expect(accelerator, label).toMatch(/^CommandOrControl\+/);
    }
  });

  it('offers judging only in a project, and developers’ tools only in development', () => {
    const open = (items: Item[]) => items.find(({ label }) => label === '&Judge')?.enabled;
    expect([open(menu()), open(menu({ open: false }))]).toEqual([true, false]);
    const tools = (items: Item[]) => items.some(({ role }) => role === 'toggleDevTools');
    expect([tools(menu()), tools(menu({ development: true }))]).toEqual([false, true]);
  });

  it('lists the recent projects that still exist, and shows an ampersand in a name', () => {
    const project = {
      name: 'Chest & co',
      cases: 1,
      openedAt: '',
      review: null,
      picture: null,
      exists: true,
    };
    const recent = [
      { ...project, folder: '/a' },
      { ...project, folder: '/gone', exists: false },
    ];
    const [item, ...more] = menu({ recent }).filter(({ label }) => label === 'Chest && co');
    expect(more).toEqual([]);
    acted.length = 0;
    (item.click as (() => void) | undefined)?.();
    expect(acted).toEqual(['/a']);
  });
});

describe('a key beside a menu item', () => {
  it('is written as Electron writes it', () => {
    expect(acceleratorOf('Mod+Shift+Z')).toBe('CommandOrControl+Shift+Z');
    expect(acceleratorOf(' ')).toBe('Space');
    expect(acceleratorOf('ArrowDown')).toBe('Down');
    expect(acceleratorOf('+')).toBe('Plus');
    expect(acceleratorOf('Mod++')).toBe('CommandOrControl+Plus');
    expect(acceleratorOf(']')).toBe(']');
    expect(acceleratorOf('?')).toBeNull();
  });
});
