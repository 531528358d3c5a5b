import { describe, expect, it } from 'vitest';
import { ACTIONS } from '../../../audit/contract/actions.ts';
import {
  GROUPS,
  conflicts,
  groupedActions,
  isKeptKey,
  isWhole,
} from '../../../renderer/settings/keys.ts';

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
    expect(first('nothing of the kind')).toEqual([]);
  });

  it('of another action are reported as a conflict, and an action’s own key is not', () => {
    const keysOf = ({ keys }: { keys: readonly string[] }) => keys;
    expect(conflicts('tool.eraser', 'B', keysOf).map(({ id }) => id)).toEqual(['tool.brush']);
    expect(conflicts('tool.brush', 'B', keysOf)).toEqual([]);
  });

  it('are neither modifiers alone nor keys that the browser keeps', () => {
    expect(['Shift', 'Control', 'a', 'F2'].map(isWhole)).toEqual([false, false, true, true]);
    expect(['Mod+W', 'Tab', 'Mod+1', 'Shift+W'].map(isKeptKey)).toEqual([true, true, false, false]);
  });
});
