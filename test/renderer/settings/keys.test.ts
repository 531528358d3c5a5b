import { describe, expect, it } from 'vitest';
import { ACTIONS, keysOf as keysWith } from '../../../audit/contract/actions.ts';
import {
  GROUPS,
  conflicts,
  groupedActions,
  isKeptKey,
  isWhole,
} from '../../../renderer/settings/keys.ts';
import { LEFT_HANDED } from '../../../renderer/settings/presets.ts';

describe('keys', () => {
  it('are listed with every action exactly once', () => {
    const shown = groupedActions('', () => '').flatMap(({ list }) => list.map(({ id }) => id));
    expect(shown.toSorted()).toEqual(ACTIONS.map(({ id }) => id).toSorted());
    expect(new Set(ACTIONS.map(({ group }) => group))).toEqual(new Set(GROUPS));
  });

  it('are found by what they do, or by the key itself', () => {
    const first = (text: string) =>
      groupedActions(text, ({ keys }) => keys[0] ?? '').flatMap(({ list }) =>
        list.map(({ id }) => id),
      );
    expect(first('exclude')).toContain('verdict.excluded');
    expect(first('b')).toContain('tool.brush');
    expect(first('contrast')).toContain('window.auto');
    expect(first('nothing of the kind')).toEqual([]);
  });

  it('of another action are reported as a conflict, and an action’s own key is not', () => {
    const keysOf = ({ keys }: { keys: readonly string[] }) => keys;
    expect(conflicts('tool.eraser', 'B', keysOf).map(({ id }) => id)).toEqual(['tool.brush']);
    expect(conflicts('tool.brush', 'B', keysOf)).toEqual([]);
  });

  it('of the left-handed preset belong to one action each, and to actions that exist', () => {
    // While the gallery or the box is shown, its keys stand before those of other actions.
    const ever = ACTIONS.filter(({ id }) => !/^(?:gallery|reshape)\./.test(id));
    const all = ever.flatMap((action) => keysWith(action, LEFT_HANDED));
    expect(all.toSorted()).toEqual([...new Set(all)].toSorted());
    const ids = ACTIONS.map(({ id }) => id);
    for (const [id, key] of Object.entries(LEFT_HANDED)) {
      expect(ids, id).toContain(id);
      expect(isKeptKey(key), key).toBe(false);
    }
  });

  it('of the left-handed preset lie under the right hand', () => {
    const left = /^(?:Shift\+)?[QWERTASDFGZXCVB]$/;
    for (const action of ACTIONS) {
      if (!['Judge', 'Queue', 'Look', 'Draw'].includes(action.group)) continue;
      for (const key of keysWith(action, LEFT_HANDED)) expect(key, action.id).not.toMatch(left);
    }
  });

  it('are neither modifiers alone nor keys that the browser keeps', () => {
    expect(['Shift', 'Control', 'a', 'F2'].map(isWhole)).toEqual([false, false, true, true]);
    expect(['Mod+W', 'Tab', 'Mod+1', 'Shift+W'].map(isKeptKey)).toEqual([true, true, false, false]);
  });
});
