/** The keys that a person sets, and their conflicts with other actions. Pure. */
import { ACTIONS } from '../../audit/contract/actions.ts';
import type { ActionGroup, ActionSpec } from '../../audit/contract/actions.ts';
import { SYNONYMS } from '../shared/synonyms.ts';

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

/** Whether the pressed key is more than a modifier. */
export function isWhole(key: string): boolean {
  return !MODIFIERS.includes(key);
}

/** Whether the browser or the system keeps the key for itself. */
export function isKeptKey(name: string): boolean {
  return /^(Tab|Shift\+Tab|Mod\+(?:Shift\+)?[WTNQR]|Mod\+L|F5|F11|F12)$/.test(name);
}

/** The other actions that have the key `name`. */
export function conflicts(
  id: string,
  name: string,
  keysOf: (action: ActionSpec) => readonly string[],
): ActionSpec[] {
  return ACTIONS.filter((action) => action.id !== id && keysOf(action).includes(name));
}

/**
 * The actions, by group, whose title contains the text, that have another word beginning with it, or whose first key
 * it is. Case is ignored.
 */
export function groupedActions(
  text: string,
  labelOf: (action: ActionSpec) => string,
): { group: ActionGroup; list: ActionSpec[] }[] {
  const wanted = text.trim().toLowerCase();
  const matches = (action: ActionSpec): boolean =>
    wanted === '' ||
    action.title.toLowerCase().includes(wanted) ||
    (SYNONYMS[action.id] ?? []).some((word) => word.startsWith(wanted)) ||
    labelOf(action).toLowerCase() === wanted;
  return GROUPS.map((group) => ({
    group,
    list: ACTIONS.filter((action) => action.group === group && matches(action)),
  })).filter(({ list }) => list.length > 0);
}
