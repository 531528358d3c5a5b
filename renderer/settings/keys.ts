/** Keys that a person sets: what is pressed, and what it would take from another action. Pure. */
import { ACTIONS } from '../../audit/contract/actions.ts';
import type { ActionGroup, ActionSpec } from '../../audit/contract/actions.ts';

export const GROUPS: readonly ActionGroup[] = [
  'Judge',
  'Queue',
  'Look',
  'Draw',
  'Change the label',
  'Train',
  'Go to',
  'Overread',
];

const MODIFIERS = ['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Dead', 'Process'];

/** Whether a press is a key of its own: modifiers alone are not. */
export function isWhole(key: string): boolean {
  return !MODIFIERS.includes(key);
}

/** Keys that the browser or the system keeps for itself. */
export function isKeptKey(name: string): boolean {
  return /^(Tab|Shift\+Tab|Mod\+(?:Shift\+)?[WTNQR]|Mod\+L|F5|F11|F12)$/.test(name);
}

/** Actions that `name` would run, beside `id`. */
export function conflicts(
  id: string,
  name: string,
  keysOf: (action: ActionSpec) => readonly string[],
): ActionSpec[] {
  return ACTIONS.filter((action) => action.id !== id && keysOf(action).includes(name));
}

/** Actions of each group whose title, or key, has the text. */
export function groupedActions(
  text: string,
  labelOf: (action: ActionSpec) => string,
): { group: ActionGroup; list: ActionSpec[] }[] {
  const wanted = text.trim().toLowerCase();
  const matches = (action: ActionSpec): boolean =>
    wanted === '' ||
    action.title.toLowerCase().includes(wanted) ||
    labelOf(action).toLowerCase() === wanted;
  return GROUPS.map((group) => ({
    group,
    list: ACTIONS.filter((action) => action.group === group && matches(action)),
  })).filter(({ list }) => list.length > 0);
}
