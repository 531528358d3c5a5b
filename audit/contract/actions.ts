/**
 * The actions of the interface with their names and keys. The keyboard, the page of keyboard shortcuts,
 * the command palette and the desktop's menu read this table. Pure.
 *
 * A key is written as `Mod` (Ctrl, ⌘ on a Mac), `Alt` and `Shift`, then `KeyboardEvent.key` (letters in
 * upper case), for example `Mod+Shift+P`. A sign for which some keyboards need Shift (`?`, `+`) is
 * written without `Shift`.
 */

export type ActionGroup =
  'Go to' | 'Judge' | 'Queue' | 'Look' | 'Draw' | 'Change the label' | 'Train' | 'Overread';

export interface ActionSpec {
  readonly id: string;
  readonly title: string;
  readonly group: ActionGroup;
  /** Keys that start the action; the interface shows the first. Empty if it has no key. */
  readonly keys: readonly string[];
  /** Set if the action lasts as long as the key is held down. */
  readonly hold?: true;
}

/** Keys that a person chose, by an action's id; empty for no key. */
export type OwnKeys = Readonly<Record<string, string>>;

/** The keys that start an action: the one that a person chose, or else the action's own. */
export function keysOf({ id, keys }: ActionSpec, own: OwnKeys = {}): readonly string[] {
  const chosen = own[id];
  return chosen === undefined ? keys : chosen === '' ? [] : [chosen];
}

const structureActions: ActionSpec[] = [];
for (let n = 1; n <= 18; n += 1) {
  const keys = [n <= 9 ? `${n}` : `Alt+Shift+${n - 9}`];
  structureActions.push({
    id: `structure.edit.${n}`,
    title: `Edit structure ${n}`,
    group: 'Draw',
    keys,
  });
}
for (let n = 1; n <= 9; n += 1) {
  structureActions.push({
    id: `structure.show.${n}`,
    title: `Show or hide structure ${n}`,
    group: 'Look',
    keys: [`Alt+${n}`],
  });
}

/** They work while the tool “Move, turn or scale” is used, and stand before other actions with these keys. */
const reshapeActions: readonly ActionSpec[] = (
  [
    ['left', 'Move the label left', 'ArrowLeft'],
    ['right', 'Move the label right', 'ArrowRight'],
    ['up', 'Move the label up', 'ArrowUp'],
    ['down', 'Move the label down', 'ArrowDown'],
    ['left-far', 'Move the label left by 10 px', 'Shift+ArrowLeft'],
    ['right-far', 'Move the label right by 10 px', 'Shift+ArrowRight'],
    ['up-far', 'Move the label up by 10 px', 'Shift+ArrowUp'],
    ['down-far', 'Move the label down by 10 px', 'Shift+ArrowDown'],
    ['turn-left', 'Turn the label left by 1°', 'Alt+ArrowLeft'],
    ['turn-right', 'Turn the label right by 1°', 'Alt+ArrowRight'],
    ['larger', 'Enlarge the label by 1 %', 'Alt+ArrowUp'],
    ['smaller', 'Reduce the label by 1 %', 'Alt+ArrowDown'],
  ] as const
).map(([name, title, key]) => ({
  id: `reshape.${name}`,
  title,
  group: 'Change the label',
  keys: [key],
}));

/** They work in the gallery, and stand before other actions with these keys. */
const galleryActions: readonly ActionSpec[] = (
  [
    ['left', 'Picture to the left', 'ArrowLeft'],
    ['right', 'Picture to the right', 'ArrowRight'],
    ['up', 'Picture above', 'ArrowUp'],
    ['down', 'Picture below', 'ArrowDown'],
    ['extend-left', 'Extend selection to the left', 'Shift+ArrowLeft'],
    ['extend-right', 'Extend selection to the right', 'Shift+ArrowRight'],
    ['extend-up', 'Extend selection by a row up', 'Shift+ArrowUp'],
    ['extend-down', 'Extend selection by a row down', 'Shift+ArrowDown'],
    ['page-down', 'Pictures further down', 'PageDown'],
    ['page-up', 'Pictures further up', 'PageUp'],
    ['open', 'Show the picture large', 'Enter'],
  ] as const
).map(([name, title, key]) => ({ id: `gallery.${name}`, title, group: 'Queue', keys: [key] }));

export const ACTIONS: readonly ActionSpec[] = [
  ...reshapeActions,
  ...galleryActions,
  { id: 'palette', title: 'Find an action', group: 'Overread', keys: ['Mod+K', 'Mod+Shift+P'] },
  { id: 'keys', title: 'Keyboard shortcuts', group: 'Overread', keys: ['?', 'F1'] },
  { id: 'theme', title: 'Toggle dark theme', group: 'Overread', keys: ['Mod+Shift+L'] },
  { id: 'log', title: 'Show log', group: 'Overread', keys: [] },
  { id: 'about', title: 'About Overread', group: 'Overread', keys: [] },
  { id: 'cancel', title: 'Cancel or close', group: 'Overread', keys: ['Escape'] },

  { id: 'go.start', title: 'Projects', group: 'Go to', keys: ['Mod+O'] },
  { id: 'go.new', title: 'New project', group: 'Go to', keys: ['Mod+N'] },
  { id: 'go.review', title: 'Review', group: 'Go to', keys: ['Mod+1'] },
  { id: 'go.train', title: 'Train', group: 'Go to', keys: ['Mod+2'] },
  { id: 'go.insights', title: 'Insights', group: 'Go to', keys: ['Mod+3'] },
  { id: 'benchmark.open', title: 'Open a benchmark report', group: 'Go to', keys: [] },
  { id: 'go.settings', title: 'Settings', group: 'Go to', keys: ['Mod+,'] },
  { id: 'project.close', title: 'Close the project', group: 'Go to', keys: ['Mod+Shift+W'] },

  { id: 'verdict.accepted', title: 'Accept, and next', group: 'Judge', keys: ['A'] },
  { id: 'verdict.fixed', title: 'Save as fixed, and next', group: 'Judge', keys: ['Enter'] },
  { id: 'verdict.excluded', title: 'Exclude, and next', group: 'Judge', keys: ['X'] },
  { id: 'verdict.flagged', title: 'Flag with a comment, and next', group: 'Judge', keys: ['F'] },
  {
    id: 'verdict.only',
    title: 'Judge only the active structure',
    group: 'Judge',
    keys: ['Shift+L'],
  },
  { id: 'verdict.none', title: 'Clear the verdict', group: 'Judge', keys: ['Backspace'] },
  { id: 'verdict.undo', title: 'Undo the last verdict', group: 'Judge', keys: ['Mod+U'] },
  { id: 'comment', title: 'Comment', group: 'Judge', keys: ['C'] },

  { id: 'queue.next', title: 'Next', group: 'Queue', keys: ['J', 'ArrowDown'] },
  { id: 'queue.previous', title: 'Previous', group: 'Queue', keys: ['K', 'ArrowUp'] },
  { id: 'queue.first', title: 'First', group: 'Queue', keys: ['Home'] },
  { id: 'queue.last', title: 'Last', group: 'Queue', keys: ['End'] },
  { id: 'queue.page-down', title: 'Page down', group: 'Queue', keys: ['PageDown'] },
  { id: 'queue.page-up', title: 'Page up', group: 'Queue', keys: ['PageUp'] },
  { id: 'queue.next-open', title: 'Next unreviewed', group: 'Queue', keys: ['N'] },
  {
    id: 'queue.select',
    title: 'Toggle selection',
    group: 'Queue',
    keys: [' '],
  },
  {
    id: 'queue.extend-down',
    title: 'Extend selection down',
    group: 'Queue',
    keys: ['Shift+ArrowDown', 'Shift+J'],
  },
  { id: 'queue.extend-up', title: 'Extend selection up', group: 'Queue', keys: ['Shift+ArrowUp'] },
  { id: 'queue.select-all', title: 'Select all', group: 'Queue', keys: ['Mod+A'] },
  { id: 'queue.refresh', title: 'Refresh', group: 'Queue', keys: ['Shift+R'] },
  { id: 'queue.search', title: 'Search', group: 'Queue', keys: ['/', 'Mod+F'] },
  { id: 'queue.open', title: 'Show unreviewed only', group: 'Queue', keys: ['U'] },
  { id: 'queue.gallery', title: 'Gallery of the queue', group: 'Queue', keys: ['Shift+Q'] },
  { id: 'queue.per', title: 'Switch between cases and labels', group: 'Queue', keys: ['L'] },

  ...structureActions.filter(({ group }) => group === 'Look'),
  {
    id: 'structure.show',
    title: 'Show or hide the active structure',
    group: 'Look',
    keys: ['Shift+E'],
  },
  { id: 'layer.labels', title: 'Show or hide all labels', group: 'Look', keys: ['H'] },
  { id: 'layer.opacity', title: 'Opacity of the labels', group: 'Look', keys: [] },
  { id: 'layer.model', title: 'The model’s proposal', group: 'Look', keys: ['M'] },
  {
    id: 'layer.difference',
    title: 'Difference between label and model',
    group: 'Look',
    keys: ['D'],
  },
  { id: 'layer.quality', title: 'Quality map', group: 'Look', keys: ['Q'] },
  {
    id: 'layer.previous',
    title: 'Previous revision (hold)',
    group: 'Look',
    keys: ['P'],
    hold: true,
  },
  { id: 'view.compare', title: 'Compare with a well-labelled case', group: 'Look', keys: ['S'] },
  { id: 'view.inspector', title: 'Show or hide the inspector', group: 'Look', keys: ['\\'] },
  {
    id: 'view.second',
    title: 'Second window with the stage',
    group: 'Look',
    keys: ['Alt+S'],
  },
  { id: 'view.fit', title: 'Fit to view', group: 'Look', keys: ['0'] },
  { id: 'view.suspected', title: 'Look at the suspected place', group: 'Look', keys: ['Y'] },
  { id: 'view.actual', title: 'Actual size (1:1)', group: 'Look', keys: ['Z'] },
  { id: 'view.in', title: 'Zoom in', group: 'Look', keys: ['+', '='] },
  { id: 'view.out', title: 'Zoom out', group: 'Look', keys: ['-'] },
  { id: 'view.mirror', title: 'Mirror for display', group: 'Look', keys: ['Shift+X'] },
  { id: 'view.turn', title: 'Turn by 90° for display', group: 'Look', keys: ['Shift+Z'] },
  { id: 'view.upright', title: 'Show as stored, not turned', group: 'Look', keys: [] },
  { id: 'view.crosshair', title: 'Crosshair', group: 'Look', keys: ['Alt+X'] },
  { id: 'view.magnifier', title: 'Magnifier', group: 'Look', keys: ['Shift+Y'] },
  { id: 'window.auto', title: 'Window: automatic', group: 'Look', keys: ['W'] },
  { id: 'window.full', title: 'Window: full range', group: 'Look', keys: ['Shift+W'] },
  { id: 'window.invert', title: 'Window: invert', group: 'Look', keys: ['I'] },
  { id: 'window.values', title: 'Window: width and level', group: 'Look', keys: ['Alt+W'] },
  { id: 'window.local', title: 'Window: local contrast', group: 'Look', keys: ['Shift+U'] },

  ...structureActions.filter(({ group }) => group === 'Draw'),
  { id: 'structure.next', title: 'Edit the next structure', group: 'Draw', keys: ['Mod+]'] },
  {
    id: 'structure.previous',
    title: 'Edit the structure before',
    group: 'Draw',
    keys: ['Mod+['],
  },
  { id: 'tool.pan', title: 'Pan and window', group: 'Draw', keys: ['V'] },
  { id: 'tool.brush', title: 'Brush', group: 'Draw', keys: ['B'] },
  { id: 'tool.eraser', title: 'Eraser', group: 'Draw', keys: ['E'] },
  { id: 'tool.nudge', title: 'Nudge the outline', group: 'Draw', keys: ['Shift+N'] },
  { id: 'tool.points', title: 'Control points', group: 'Draw', keys: ['Shift+P'] },
  { id: 'tool.region', title: 'Grow a region', group: 'Draw', keys: ['Shift+A'] },
  { id: 'tool.click', title: 'Click to segment', group: 'Draw', keys: ['Alt+C'] },
  { id: 'tool.scribble', title: 'Scribble inside or outside', group: 'Draw', keys: ['Shift+D'] },
  { id: 'tool.transform', title: 'Move, turn or scale', group: 'Draw', keys: ['Shift+V'] },
  { id: 'tool.polygon', title: 'Polygon', group: 'Draw', keys: ['G'] },
  { id: 'tool.wire', title: 'Live wire', group: 'Draw', keys: ['Shift+G'] },
  { id: 'tool.lasso', title: 'Lasso', group: 'Draw', keys: ['O'] },
  { id: 'tool.ruler', title: 'Ruler', group: 'Draw', keys: ['R'] },
  { id: 'brush.larger', title: 'Larger brush', group: 'Draw', keys: [']'] },
  { id: 'brush.smaller', title: 'Smaller brush', group: 'Draw', keys: ['['] },
  {
    id: 'brush.range',
    title: 'Limit brush to an intensity range',
    group: 'Draw',
    keys: ['Shift+B'],
  },
  {
    id: 'brush.masking',
    title: 'Draw only outside the other structures',
    group: 'Draw',
    keys: ['Shift+M'],
  },
  { id: 'edit.undo', title: 'Undo', group: 'Draw', keys: ['Mod+Z'] },
  { id: 'edit.redo', title: 'Redo', group: 'Draw', keys: ['Mod+Shift+Z', 'Mod+Y'] },

  {
    id: 'label.proposal',
    title: 'Take the model’s proposal',
    group: 'Change the label',
    keys: ['T'],
  },
  {
    id: 'label.proposal-inside',
    title: 'Take the proposal inside a lasso',
    group: 'Change the label',
    keys: ['Shift+T'],
  },
  { id: 'label.fill', title: 'Fill holes', group: 'Change the label', keys: ['Shift+F'] },
  {
    id: 'label.between',
    title: 'Fill between parts',
    group: 'Change the label',
    keys: ['Shift+C'],
  },
  {
    id: 'label.largest',
    title: 'Keep the largest part',
    group: 'Change the label',
    keys: ['Shift+K'],
  },
  {
    id: 'label.islands',
    title: 'Remove small islands',
    group: 'Change the label',
    keys: ['Shift+I'],
  },
  { id: 'label.grow', title: 'Grow by a pixel', group: 'Change the label', keys: ['.'] },
  { id: 'label.shrink', title: 'Shrink by a pixel', group: 'Change the label', keys: [','] },
  { id: 'label.smooth', title: 'Smooth', group: 'Change the label', keys: ['Shift+S'] },
  {
    id: 'label.outline',
    title: 'Smooth the outline only',
    group: 'Change the label',
    keys: ['Shift+O'],
  },
  {
    id: 'label.hollow',
    title: 'Hollow: leave a rim',
    group: 'Change the label',
    keys: ['Shift+H'],
  },
  { id: 'label.swap', title: 'Swap with another structure', group: 'Change the label', keys: [] },
  { id: 'label.clear', title: 'Clear label', group: 'Change the label', keys: ['Delete'] },

  { id: 'train.start', title: 'Start training', group: 'Train', keys: [] },
  { id: 'train.pause', title: 'Pause or resume the training', group: 'Train', keys: [] },
  { id: 'train.cancel', title: 'Cancel the training', group: 'Train', keys: [] },
  { id: 'export', title: 'Export the corrected dataset', group: 'Train', keys: ['Mod+E'] },
  { id: 'report', title: 'Write the report', group: 'Train', keys: [] },
  { id: 'pack', title: 'Pack the project into one file', group: 'Train', keys: [] },
];
