/** Sets of keys that a person takes at once. Pure. */
import type { OwnKeys } from '../../audit/contract/actions.ts';

/**
 * Keys for a person whose left hand holds the mouse: what a review needs lies under the right hand, from Y, H and N
 * to Enter and the arrows. The digits stay, since they are in the number pad, too.
 */
export const LEFT_HANDED: OwnKeys = {
  'verdict.accepted': 'J',
  'verdict.excluded': 'K',
  'verdict.flagged': 'L',
  comment: ';',
  'queue.next': 'ArrowDown',
  'queue.previous': 'ArrowUp',
  'queue.extend-down': 'Shift+ArrowDown',
  'queue.refresh': 'Shift+F8',
  'queue.per': 'F7',
  'layer.difference': 'Shift+M',
  'layer.quality': 'Shift+H',
  'layer.previous': 'F8',
  'view.compare': 'Shift+N',
  'view.suspected': 'Shift+J',
  'view.actual': '=',
  'view.in': '+',
  'window.auto': "'",
  'window.full': 'F9',
  'window.invert': 'Shift+F9',
  'tool.pan': 'P',
  'tool.brush': 'O',
  'tool.eraser': 'I',
  'tool.polygon': 'U',
  'tool.lasso': 'Shift+U',
  'tool.ruler': 'Shift+P',
  'brush.range': 'Shift+O',
  'queue.open': 'Shift+F7',
  'label.proposal': 'Y',
  'label.proposal-inside': 'Shift+Y',
  'edit.undo': 'Mod+;',
  'edit.redo': "Mod+'",
};
