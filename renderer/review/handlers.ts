/** The handlers of the review's actions, by the id of an action. */
import type { Handler } from '../shared/actions.svelte.ts';
import { scale, shift, turn } from '../drawing/affine.ts';
import type { Affine } from '../drawing/affine.ts';
import type { Casework } from '../case/casework.ts';
import type { LabelOperation, Position, ToolName } from '../drawing/types.ts';
import type { Layers } from '../case/types.ts';
import { TOLERANT } from '../drawing/gesture.ts';
import { isUpright, mirrored, turned, UPRIGHT } from '../case/orientation.ts';
import { stepped } from './bars/brush.ts';
import type { Review } from './review.svelte.ts';

const ZOOM = 1.25;

/** Handlers of the queue. @param rowsInView how many rows fit on the screen */
export function queueHandlers(review: Review, rowsInView: () => number): Record<string, Handler> {
  const { queue } = review;
  const extend = (by: number): void => {
    const row = queue.current;
    if (row && !queue.isSelected(row)) queue.toggle(queue.cursor);
    void review.move(by).then(() => {
      const next = queue.current;
      if (next && !queue.isSelected(next)) queue.toggle(queue.cursor);
    });
  };
  return {
    'queue.next': () => void review.move(1),
    'queue.previous': () => void review.move(-1),
    'queue.first': () => void review.go(0),
    'queue.last': () => void review.go(queue.total - 1),
    'queue.page-down': () => void review.move(rowsInView()),
    'queue.page-up': () => void review.move(-rowsInView()),
    'queue.next-open': () => void review.nextOpen(),
    'queue.extend-down': () => extend(1),
    'queue.extend-up': () => extend(-1),
    'queue.select': () => queue.toggle(queue.cursor),
    'queue.select-all': () => void queue.selectAll(),
    'queue.refresh': () => void review.refresh(),
    'queue.open': () =>
      void review.filter({ verdict: queue.filter.verdict === 'none' ? null : 'none' }),
    'queue.per': () => void review.togglePer(),
  };
}

export function verdictHandlers(review: Review, flag: () => void): Record<string, Handler> {
  return {
    'verdict.accepted': () => void review.verdict('accepted'),
    'verdict.fixed': () => void review.verdict('fixed'),
    'verdict.excluded': () => void review.verdict('excluded'),
    'verdict.flagged': () => review.isFinished() && flag(),
    'verdict.only': () => review.toggleOnly(),
    'verdict.none': () => void review.takeBack(),
    'verdict.undo': () => void review.undo(),
  };
}

/** Handlers of viewing and of the tools that change no label. They work in read-only projects, too. */
export function lookHandlers({ opened, editor }: Casework): Record<string, Handler> {
  const { stage, layers } = opened;
  const handlers: Record<string, Handler> = {
    'view.fit': () => stage.fit(),
    'view.actual': () => stage.actualSize(),
    'view.in': () => stage.zoom(ZOOM),
    'view.out': () => stage.zoom(1 / ZOOM),
    'view.mirror': () => stage.orient(mirrored(stage.orientation)),
    'view.turn': () => stage.orient(turned(stage.orientation)),
    'view.crosshair': () => (stage.crosshair = !stage.crosshair),
    'view.magnifier': () => (stage.magnifier = !stage.magnifier),
    'window.auto': () => opened.setWindowing({ rule: { kind: 'auto' } }),
    'window.full': () => opened.setWindowing({ rule: { kind: 'range', low: 0, high: 1 } }),
    'window.local': () => opened.setWindowing({ local: !opened.windowing.local }),
    'window.invert': () => opened.setWindowing({ invert: !opened.windowing.invert }),
    'layer.previous': (down) => (layers.previous = down),
  };
  const switches: Readonly<Record<string, keyof Layers>> = {
    'layer.labels': 'labels',
    'layer.model': 'proposal',
    'layer.difference': 'difference',
    'layer.quality': 'quality',
  };
  for (const [action, layer] of Object.entries(switches)) {
    handlers[action] = () => (layers[layer] = !layers[layer]);
  }
  if (!isUpright(stage.orientation)) handlers['view.upright'] = () => stage.orient(UPRIGHT);
  if (opened.suspectedPlaces.length > 0)
    handlers['view.suspected'] = () => opened.lookAtSuspected();
  for (const tool of ['pan', 'ruler'] as const) {
    handlers[`tool.${tool}`] = () => (editor.tool = tool);
  }
  opened.labels.forEach((label, index) => {
    handlers[`structure.show.${index + 1}`] = () => (label.visible = !label.visible);
    handlers[`structure.edit.${index + 1}`] = () => (opened.active = index);
  });
  const count = opened.labels.length;
  if (count > 1) {
    handlers['structure.next'] = () => (opened.active = (opened.active + 1) % count);
    handlers['structure.previous'] = () => (opened.active = (opened.active + count - 1) % count);
  }
  handlers['structure.show'] = () => {
    const label = opened.activeLabel;
    if (label) label.visible = !label.visible;
  };
  return handlers;
}

/** What the actions of structures are called in the case on the stage, by the id of an action. */
export function structureNames({ opened }: Casework): Record<string, string> {
  const names: Record<string, string> = {};
  opened.labels.forEach(({ structure: { name } }, index) => {
    names[`structure.edit.${index + 1}`] = `Draw the ${name}`;
    names[`structure.show.${index + 1}`] = `Show or hide the ${name}`;
  });
  return names;
}

/** Handlers of drawing. They are provided only for projects that may be written. */
export function drawHandlers({ opened, editor }: Casework): Record<string, Handler> {
  /** Changes what the tool has in place of a size, too. */
  const resize = (by: 1 | -1): void => {
    if (editor.tool === 'region')
      editor.tolerance = Math.max(0, Math.min(TOLERANT, editor.tolerance + 2 * by));
    else editor.radius = stepped(editor.radius, by);
  };
  const handlers: Record<string, Handler> = {
    'brush.larger': () => resize(1),
    'brush.smaller': () => resize(-1),
    'brush.range': () => {
      const { low, high } = opened.stage.window;
      editor.range = editor.range ? null : { low: Math.round(low), high: Math.round(high) };
    },
    'brush.masking': () => {
      editor.masking = editor.masking ? null : { side: 'outside', structure: null };
    },
    'edit.undo': () => editor.undo(),
    'edit.redo': () => editor.redo(),
    'label.proposal-inside': () => (editor.tool = 'proposal-lasso'),
  };
  const tools: readonly ToolName[] = [
    'brush',
    'eraser',
    'nudge',
    'points',
    'region',
    'click',
    'scribble',
    'transform',
    'polygon',
    'wire',
    'lasso',
  ];
  for (const tool of tools) handlers[`tool.${tool}`] = () => (editor.tool = tool);
  const operations: readonly LabelOperation[] = [
    'fill',
    'between',
    'outline',
    'hollow',
    'largest',
    'islands',
    'grow',
    'shrink',
    'smooth',
    'proposal',
    'clear',
  ];
  for (const operation of operations) {
    handlers[`label.${operation}`] = () => void editor.apply(operation);
  }
  // With two labels only one swap is possible. With more, the menu asks which label to swap with.
  if (opened.labels.length === 2) {
    handlers['label.swap'] = () => editor.swapWith(1 - opened.active);
  }
  return handlers;
}

const DEGREE = Math.PI / 180;
const FAR = 10;
const PERCENT = 1.01;

/** Handlers of the keys that move, turn and scale the active label; none while another tool is used. */
export function reshapeHandlers({ editor }: Casework): Record<string, Handler> {
  if (editor.tool !== 'transform') return {};
  const by: Readonly<Record<string, (middle: Position) => Affine>> = {
    'turn-left': (middle) => turn(-DEGREE, middle),
    'turn-right': (middle) => turn(DEGREE, middle),
    larger: (middle) => scale(PERCENT, PERCENT, middle),
    smaller: (middle) => scale(1 / PERCENT, 1 / PERCENT, middle),
  };
  const handlers: Record<string, Handler> = {};
  for (const [name, change] of Object.entries(by)) {
    handlers[`reshape.${name}`] = () => editor.reshape(change);
  }
  const ways = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] } as const;
  for (const [name, [x, y]] of Object.entries(ways)) {
    handlers[`reshape.${name}`] = () => editor.reshape(() => shift(x, y));
    handlers[`reshape.${name}-far`] = () => editor.reshape(() => shift(FAR * x, FAR * y));
  }
  return handlers;
}
