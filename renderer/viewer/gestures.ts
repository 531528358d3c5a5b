/**
 * Handles the pointer on the stage. The left button uses the tool, or pans while space is held. The middle
 * button pans, the right button changes the window. The wheel zooms about the pointer; with Shift or Alt it
 * changes the brush's size. Two fingers zoom and pan.
 */
import { actions } from '../shared/actions.svelte.ts';
import type { Casework } from '../case/casework.ts';
import type { PenPoint, Position } from '../drawing/types.ts';
import { unturned } from '../case/orientation.ts';
import { toImage } from '../case/view.ts';

export type Mode = 'draw' | 'pan' | 'window' | 'pinch';

/** The rotation of the wheel in pixels. Browsers report it in pixels, lines or pages. */
function rotation(event: WheelEvent): number {
  const unit = [1, 16, 400][event.deltaMode] ?? 1;
  return (event.deltaY || event.deltaX) * unit;
}

/** Whether the browser has raw pointer events, which arrive at once; others arrive once per frame. */
const RAW = 'onpointerrawupdate' in globalThis;

interface GestureHost {
  /** Called with the pointer's place on the stage in CSS pixels; with null when it leaves. */
  moved(at: Position | null): void;
  /** Called when a gesture begins or space is pressed; with null when either ends. */
  mode(mode: Mode | null): void;
}

/** Listens to the pointer. @returns a function that stops listening */
export function listen(canvas: HTMLCanvasElement, work: Casework, host: GestureHost): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  let box = canvas.getBoundingClientRect();
  let mode: Mode | null = null;
  let pointer = -1;
  let last: Position = { x: 0, y: 0 };
  /** The pointer's last place in the window while the button is down. */
  let held: Position = { x: 0, y: 0 };
  let space = false;
  /** Whether a button was pressed while space was held. */
  let dragged = false;
  const fingers = new Map<number, Position>();

  const place = (event: MouseEvent): Position =>
    unturned(
      { x: event.clientX - box.left, y: event.clientY - box.top },
      box,
      work.opened.stage.orientation,
    );
  const pen = (event: PointerEvent): PenPoint => ({
    ...toImage(work.opened.stage.view, place(event)),
    pressure: event.pointerType === 'pen' ? event.pressure : null,
  });
  const become = (next: Mode | null): void => {
    mode = next;
    host.mode(next);
  };
  const readOut = (at: Position): void => {
    const image = work.opened.image;
    if (!image) return void (work.opened.stage.pointer = null);
    const { x, y } = toImage(work.opened.stage.view, at);
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const inside = column >= 0 && row >= 0 && column < image.width && row < image.height;
    const value = inside ? image.samples[row * image.width + column] : null;
    work.opened.stage.pointer = { x, y, value };
  };

  const modeOf = (event: PointerEvent): Mode | null => {
    if (event.button === 1 || (event.button === 0 && space)) return 'pan';
    if (event.button === 2) return 'window';
    // Button 5 is the eraser end of a pen.
    if (event.button !== 0 && event.button !== 5) return null;
    if (work.editor.tool === 'pan') return event.shiftKey || event.altKey ? 'window' : 'pan';
    return 'draw';
  };

  const down = (event: PointerEvent): void => {
    if (!work.opened.image) return;
    box = canvas.getBoundingClientRect();
    if (event.pointerType === 'touch') {
      fingers.set(event.pointerId, place(event));
      if (fingers.size === 2) {
        work.editor.drawing.cancel();
        return become('pinch');
      }
    }
    if (mode !== null) return;
    const next = modeOf(event);
    if (next === null) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    last = place(event);
    held = { x: event.clientX, y: event.clientY };
    dragged = true;
    become(next);
    if (next === 'draw') {
      work.editor.drawing.down(pen(event), event.shiftKey || event.altKey || event.button === 5);
    }
  };

  const pinch = (event: PointerEvent): void => {
    const before = [...fingers.values()];
    fingers.set(event.pointerId, place(event));
    const after = [...fingers.values()];
    const middle = ([a, b]: Position[]): Position => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    const apart = ([a, b]: Position[]): number => Math.hypot(a.x - b.x, a.y - b.y) || 1;
    const [from, to] = [middle(before), middle(after)];
    work.opened.stage.pan(to.x - from.x, to.y - from.y);
    work.opened.stage.zoom(apart(after) / apart(before), to);
  };

  const stroke = (event: PointerEvent): void => {
    const events = event.getCoalescedEvents();
    work.editor.drawing.move((events.length > 0 ? events : [event]).map(pen));
  };
  const raw = (event: Event): void => {
    const drawn = event instanceof PointerEvent && event.pointerId === pointer;
    if (drawn && mode === 'draw') stroke(event);
  };

  const move = (event: PointerEvent): void => {
    if (mode === 'pinch') {
      if (fingers.has(event.pointerId)) pinch(event);
      return;
    }
    if (mode !== null && event.pointerId !== pointer) return;
    const at = place(event);
    host.moved(at);
    readOut(at);
    if (mode === null || mode === 'draw')
      work.editor.drawing.hover(toImage(work.opened.stage.view, at));
    if (mode === 'draw') {
      if (!RAW) stroke(event);
    } else if (mode === 'pan') {
      work.opened.stage.pan(at.x - last.x, at.y - last.y);
    } else if (mode === 'window') {
      const range = (work.opened.image?.maximum ?? 255) - (work.opened.image?.minimum ?? 0);
      // Right widens and up brightens as they are seen, however the image is turned.
      work.opened.stage.dragWindow(event.clientX - held.x, event.clientY - held.y, range);
      held = { x: event.clientX, y: event.clientY };
    }
    last = at;
  };

  const up = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (mode === 'pinch') {
      if (fingers.size === 0) become(null);
      return;
    }
    if (event.pointerId !== pointer) return;
    pointer = -1;
    if (mode === 'draw') {
      if (event.type === 'pointercancel') work.editor.drawing.cancel();
      else work.editor.drawing.up();
    }
    if (mode === 'window') work.opened.keepWindow();
    become(null);
  };

  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    box = canvas.getBoundingClientRect();
    const turn = rotation(event);
    if (turn === 0) return;
    if ((event.shiftKey || event.altKey) && !event.ctrlKey) {
      actions.run(turn < 0 ? 'brush.larger' : 'brush.smaller');
      return;
    }
    // Browsers report a pinch on a touch pad as a wheel with Ctrl, in small steps.
    const speed = event.ctrlKey ? 0.01 : 0.0018;
    work.opened.stage.zoom(Math.exp(-Math.max(-300, Math.min(300, turn)) * speed), place(event));
    readOut(place(event));
  };

  const enter = (event: PointerEvent): void => {
    box = canvas.getBoundingClientRect();
    host.moved(place(event));
  };
  const leave = (): void => {
    if (mode !== null) return;
    host.moved(null);
    work.opened.stage.pointer = null;
  };

  /**
   * While space is held over the stage, the left button pans. If no button was pressed meanwhile, letting
   * go of space selects the queue's current row, or takes it out of the selection.
   */
  const key = (event: KeyboardEvent): void => {
    if (event.key !== ' ') return;
    if (event.type === 'keyup') {
      if (!space) return;
      space = false;
      if (mode === null) host.mode(null);
      if (!dragged) actions.run('queue.select');
      return;
    }
    if (!actions.hears(event) || !canvas.matches(':hover')) return;
    event.preventDefault();
    if (space) return;
    space = true;
    dragged = false;
    if (mode === null) host.mode('pan');
  };

  const on = { signal };
  canvas.addEventListener('pointerdown', down, on);
  canvas.addEventListener('pointermove', move, on);
  if (RAW) canvas.addEventListener('pointerrawupdate', raw, on);
  canvas.addEventListener('pointerup', up, on);
  canvas.addEventListener('pointercancel', up, on);
  canvas.addEventListener('pointerenter', enter, on);
  canvas.addEventListener('pointerleave', leave, on);
  canvas.addEventListener('wheel', wheel, { signal, passive: false });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault(), on);
  window.addEventListener('keydown', key, { signal, capture: true });
  window.addEventListener('keyup', key, { signal, capture: true });
  window.addEventListener('blur', () => (space = false), on);
  return () => ends.abort();
}
