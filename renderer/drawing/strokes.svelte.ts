/** Strokes of the active label: gestures (`gesture.ts`) from the press of the button until it is let go. */
import type { ImagePixels } from '../../audit/contract/client.ts';
import { notices } from '../shared/notices.svelte.ts';
import type { Affine } from './affine.ts';
import { groundOf } from './board.ts';
import type { Board, Pen } from './board.ts';
import type { Canvas, Dab } from './capsule.ts';
import { drawnRect } from './difference.ts';
import { copyRect } from './edits.ts';
import { brush, growing, nudging, reshaping } from './gesture.ts';
import type { Gesture } from './gesture.ts';
import { handleAt } from './handles.ts';
import type { Ink } from './ink.svelte.ts';
import type { Label } from './label.svelte.ts';
import { keepGuarded } from './masking.ts';
import type { Guard } from './masking.ts';
import { OutlineEditor } from './outline-editor.svelte.ts';
import { uniteRects } from './rect.ts';
import type { PenPoint, Position, Rect } from './types.ts';

/** A gesture that goes on. */
interface Stroke {
  readonly label: Label;
  readonly gesture: Gesture;
  readonly guards: readonly Guard[];
  touched: Rect | null;
}

/** With the lightest pressure, a pen draws this share of the radius. */
const LIGHTEST = 0.3;
const SMALLEST_RADIUS = 0.5;

export class Strokes {
  /** What a drag of a handle has done to the box so far; null while no handle is dragged. */
  dragged = $state.raw<Affine | null>(null);
  readonly #board: Board;
  readonly #pen: Pen;
  readonly #ink: Ink;
  #stroke: Stroke | null = null;
  readonly #outline = new OutlineEditor();
  /** The box when the drag of a handle began. */
  #box: Rect | null = null;

  constructor(board: Board, pen: Pen, ink: Ink) {
    this.#board = board;
    this.#pen = pen;
    this.#ink = ink;
  }

  get busy(): boolean {
    return this.#stroke !== null;
  }

  /** The box around the active label with its handles; null if there is none, or another tool is used. */
  get box(): Rect | null {
    void this.#ink.steps;
    if (this.#pen.tool !== 'transform') return null;
    if (this.dragged) return this.#box;
    const mask = this.#board.activeLabel?.mask;
    const size = this.#board.image;
    return mask && size ? drawnRect(mask, size.width, size.height) : null;
  }

  /** The control points on the active label's outline; none while another tool is used. */
  get controls(): readonly Position[] {
    const label = this.#board.activeLabel;
    const size = this.#board.image;
    const { steps } = this.#ink;
    if (this.#pen.tool !== 'points' || !label || !size) return [];
    const { scale } = this.#board.stage.view;
    return this.#outline.places(label, size.width, size.height, scale, steps);
  }

  draws(label: Label): boolean {
    return this.#stroke?.label === label;
  }

  /** Begins a stroke if the tool makes strokes. @param opposite see `Drawing.down` */
  down(point: PenPoint, opposite: boolean): void {
    switch (this.#pen.tool) {
      case 'brush':
        return this.#brush(point, opposite ? 0 : 1);
      case 'eraser':
        return this.#brush(point, opposite ? 1 : 0);
      case 'nudge':
        return this.#nudge(point);
      case 'points':
        return this.#point(point, opposite);
      case 'transform':
        return this.#reshape(point, opposite);
      case 'region':
        return this.#grow(point, opposite ? 0 : 1);
      case 'pan':
      case 'polygon':
      case 'wire':
      case 'lasso':
      case 'proposal-lasso':
      case 'scribble':
      case 'click':
      case 'ruler':
    }
  }

  move(points: readonly PenPoint[]): void {
    if (this.#stroke) this.#extend(this.#stroke, points);
  }

  /** Makes the stroke a step of undo. */
  up(): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#show(stroke, stroke.gesture.end?.() ?? null);
    this.#stroke = null;
    this.dragged = null;
    if (stroke.touched) this.#ink.finish(stroke.label, stroke.touched);
    this.#outline.keep(this.#ink.steps);
  }

  cancel(): void {
    this.#outline.forget();
    this.dragged = null;
    const stroke = this.#stroke;
    this.#stroke = null;
    const size = this.#board.image;
    if (!stroke?.touched || !size) return;
    const { label, touched } = stroke;
    if (!label.plane || !label.saved) return;
    copyRect(label.saved, label.plane.mask, size.width, touched);
    this.#ink.painted(label, touched);
  }

  #dab({ x, y, pressure }: PenPoint): Dab {
    const share = pressure === null ? 1 : LIGHTEST + (1 - LIGHTEST) * pressure;
    return { x, y, radius: Math.max(SMALLEST_RADIUS, this.#pen.radius * share) };
  }

  #brush(point: PenPoint, value: 0 | 1): void {
    const { range } = this.#pen;
    this.#begin(point, (canvas, size) =>
      brush(
        canvas,
        value,
        point,
        (at) => this.#dab(at),
        range && { ...range, samples: size.samples },
      ),
    );
  }

  #nudge(point: PenPoint): void {
    if (!this.#isDrawn()) return;
    this.#begin(point, (canvas) => nudging(canvas, point, Math.max(1, this.#pen.radius)));
  }

  #point(point: PenPoint, remove: boolean): void {
    if (!this.#isDrawn()) return;
    const { scale } = this.#board.stage.view;
    this.#begin(point, (canvas, _, __, label) =>
      this.#outline.take(label, canvas, point, scale, this.#ink.steps, remove),
    );
  }

  #reshape(point: PenPoint, steady: boolean): void {
    const size = this.#board.image;
    const label = this.#board.activeLabel;
    if (!size || !label || !this.#isDrawn()) return;
    const box = label.mask && drawnRect(label.mask, size.width, size.height);
    const handle = box && handleAt(point, box, this.#board.stage.view.scale);
    if (!handle) return;
    this.#box = box;
    this.#begin(point, (canvas, _, before) =>
      reshaping(canvas, before, box, handle, point, steady, (by) => (this.dragged = by)),
    );
  }

  #grow(point: PenPoint, value: 0 | 1): void {
    const { scale } = this.#board.stage.view;
    this.#begin(point, (canvas, image, before, label) =>
      growing(
        canvas,
        before,
        groundOf(this.#board, this.#pen, image, label),
        value,
        point,
        scale,
        this.#pen.tolerance,
        (tolerance) => (this.#pen.tolerance = tolerance),
      ),
    );
  }

  /** Whether the active label has pixels; else says so, because the tool works on an outline. */
  #isDrawn(): boolean {
    const label = this.#board.activeLabel;
    if (!label || label.mask?.includes(1)) return label !== null;
    notices.show({
      kind: 'info',
      topic: 'unchanged',
      screen: 'review',
      text: `The ${label.structure.name} has no outline here: draw it first.`,
    });
    return false;
  }

  /** Begins a gesture on the active label. */
  #begin(
    point: PenPoint,
    make: (canvas: Canvas, image: ImagePixels, before: Uint8Array, label: Label) => Gesture | null,
  ): void {
    const label = this.#board.activeLabel;
    const size = this.#board.image;
    if (!label || !size || !this.#pen.mayDraw()) return;
    const { mask } = this.#ink.prepare(label);
    // A label must be visible while it is drawn.
    label.visible = true;
    this.#board.layers.labels = true;
    const canvas = { width: size.width, height: size.height, mask };
    const gesture = make(canvas, size, label.saved ?? mask, label);
    if (!gesture) return;
    this.#stroke = { label, gesture, guards: this.#pen.guards(label), touched: null };
    this.#extend(this.#stroke, [point]);
  }

  #extend(stroke: Stroke, points: readonly PenPoint[]): void {
    this.#show(stroke, stroke.gesture.move(points));
  }

  /** Takes note of what a gesture has changed, and shows it. */
  #show(stroke: Stroke, rect: Rect | null): void {
    const { plane, saved } = stroke.label;
    const size = this.#board.image;
    if (!rect || !plane || !size) return;
    if (saved) keepGuarded(plane.mask, saved, stroke.guards, size.width, rect);
    stroke.touched = uniteRects(stroke.touched, rect);
    this.#ink.painted(stroke.label, rect);
  }
}
