/** Turns pointer events into edits, in image pixels: gestures (`gesture.ts`), polygon, lasso and ruler. */
import type { Affine } from './affine.ts';
import type { Canvas, Dab } from './capsule.ts';
import { drawnRect } from './difference.ts';
import { brush, growing, nudging, reshaping } from './gesture.ts';
import type { Gesture } from './gesture.ts';
import { handleAt } from './handles.ts';
import type { Ink } from './ink.svelte.ts';
import type { Label, MaskPlane } from './label.svelte.ts';
import { keepGuarded } from './masking.ts';
import type { Guard } from './masking.ts';
import { copyInPolygon, fillPolygon } from './polygon.ts';
import type { PenPoint, Position, Rect, ToolName } from './types.ts';
import { uniteRects } from './rect.ts';
import { copyRect } from './edits.ts';
import type { ImagePixels } from '../../audit/contract/client.ts';
import { notices } from '../shared/notices.svelte.ts';

/** The parts of the open case that drawing uses. */
interface Board {
  readonly image: ImagePixels | null;
  readonly labels: readonly Label[];
  readonly activeLabel: Label | null;
  readonly layers: { labels: boolean };
  readonly stage: {
    readonly view: { readonly scale: number };
    readonly window: { readonly low: number; readonly high: number };
  };
}

/** The chosen tool and its settings. */
export interface Pen {
  readonly tool: ToolName;
  /** Radius of the brush, in image pixels; 0.5 draws one pixel. */
  readonly radius: number;
  /** The brush draws only on pixels whose sample is in this range; null: on all pixels. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** How different a pixel may be from the clicked one in a region that grows, 0 … 255. */
  tolerance: number;
  /** Where the masking lets a label change; empty: everywhere. */
  guards(label: Label): readonly Guard[];
  /** Whether labels may be changed; tells the person if not. */
  mayDraw(): boolean;
  /** How likely the model finds each pixel to be in the label, 0 … 255; null if that is not known. */
  likely(label: Label): Uint8Array | null;
  /** The model's proposal for a label; null, after a notice, if there is none. */
  model(label: Label): Promise<MaskPlane | null>;
}

/** A polygon, lasso or ruler that is being drawn. */
interface Draft {
  readonly kind: 'polygon' | 'lasso' | 'proposal-lasso' | 'ruler';
  readonly points: readonly Position[];
  /** Whether pixels are removed instead of added. */
  readonly cut: boolean;
}

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

export class Drawing {
  draft = $state.raw<Draft | null>(null);
  /** What a drag of a handle has done to the box so far; null while no handle is dragged. */
  dragged = $state.raw<Affine | null>(null);
  readonly #board: Board;
  readonly #pen: Pen;
  readonly #ink: Ink;
  #stroke: Stroke | null = null;
  /** The box when the drag of a handle began. */
  #box: Rect | null = null;
  /** Number of lassos that wait for the model's proposal. */
  #copying = 0;

  constructor(board: Board, pen: Pen, ink: Ink) {
    this.#board = board;
    this.#pen = pen;
    this.#ink = ink;
  }

  /** Whether a stroke, polygon or lasso is being drawn, which becomes a step of undo only when it ends. */
  get busy(): boolean {
    const drafted = this.draft !== null && this.draft.kind !== 'ruler';
    return drafted || this.#stroke !== null || this.#copying > 0;
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

  draws(label: Label): boolean {
    return this.#stroke?.label === label;
  }

  /**
   * Call it when the pointer goes down with a drawing tool.
   * @param opposite reverses the tool: the brush erases, the eraser draws, polygon, lasso and region cut. A box
   *   keeps its proportions, or turns by steps of 15°. It changes nothing for the other tools
   */
  down(point: PenPoint, opposite: boolean): void {
    switch (this.#pen.tool) {
      case 'brush':
        return this.#brush(point, opposite ? 0 : 1);
      case 'eraser':
        return this.#brush(point, opposite ? 1 : 0);
      case 'nudge':
        return this.#nudge(point);
      case 'transform':
        return this.#reshape(point, opposite);
      case 'region':
        return this.#grow(point, opposite ? 0 : 1);
      case 'polygon':
        return this.#corner(point, opposite);
      case 'lasso':
      case 'proposal-lasso':
        if (this.#board.activeLabel && this.#pen.mayDraw()) {
          this.draft = { kind: this.#pen.tool, points: [point], cut: opposite };
        }
        return;
      case 'ruler':
        this.draft = { kind: 'ruler', points: [point, point], cut: false };
        return;
      case 'pan':
    }
  }

  /** Call it when the pointer moves with the button down. */
  move(points: readonly PenPoint[]): void {
    const draft = this.draft;
    if (this.#stroke) this.#extend(this.#stroke, points);
    else if (draft?.kind === 'ruler') {
      this.draft = { ...draft, points: [draft.points[0], points[points.length - 1]] };
    } else if (draft?.kind === 'lasso' || draft?.kind === 'proposal-lasso') {
      this.draft = { ...draft, points: [...draft.points, ...points] };
    }
  }

  /** Call it when the button is let go. */
  up(): void {
    const stroke = this.#stroke;
    if (stroke) {
      this.#show(stroke, stroke.gesture.end?.() ?? null);
      this.#stroke = null;
      this.dragged = null;
      if (stroke.touched) this.#ink.finish(stroke.label, stroke.touched);
    } else if (this.draft?.kind === 'lasso' || this.draft?.kind === 'proposal-lasso') {
      void this.close();
    }
  }

  /**
   * Ends the polygon or lasso and changes the pixels inside: fills, cuts, or copies the proposal. With fewer
   * than three points nothing changes.
   */
  async close(): Promise<void> {
    const draft = this.draft;
    const label = this.#board.activeLabel;
    if (!draft || draft.kind === 'ruler') return;
    this.draft = null;
    if (!label || draft.points.length < 3) return;
    if (draft.kind === 'proposal-lasso') {
      this.#copying += 1;
      const model = await this.#pen.model(label).finally(() => (this.#copying -= 1));
      if (!model) return;
      this.#write(label, (canvas) => copyInPolygon(canvas, draft.points, model.mask));
    } else {
      this.#write(label, (canvas) => fillPolygon(canvas, draft.points, draft.cut ? 0 : 1));
    }
  }

  /** Removes the newest corner of a polygon. */
  back(): void {
    if (this.draft?.kind !== 'polygon') return;
    const points = this.draft.points.slice(0, -1);
    this.draft = points.length > 0 ? { ...this.draft, points } : null;
  }

  cancel(): void {
    this.draft = null;
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
    const { low, high } = this.#board.stage.window;
    this.#begin(point, (canvas, size, before, label) => {
      const likely = this.#pen.likely(label);
      const ground = { ...size, span: Math.max(1, high - low), likely };
      return growing(
        canvas,
        before,
        ground,
        value,
        point,
        scale,
        this.#pen.tolerance,
        (tolerance) => (this.#pen.tolerance = tolerance),
      );
    });
  }

  /** Whether the active label has pixels; else says so, because the tool works on an outline. */
  #isDrawn(): boolean {
    const label = this.#board.activeLabel;
    if (!label || label.mask?.includes(1)) return label !== null;
    notices.show({
      kind: 'info',
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

  #corner(point: Position, opposite: boolean): void {
    const draft = this.draft?.kind === 'polygon' ? this.draft : null;
    if (!draft) {
      if (!this.#board.activeLabel || !this.#pen.mayDraw()) return;
      this.draft = { kind: 'polygon', points: [point], cut: opposite };
      return;
    }
    const first = draft.points[0];
    const near =
      Math.hypot(point.x - first.x, point.y - first.y) * this.#board.stage.view.scale < 8;
    if (near && draft.points.length >= 3) void this.close();
    else this.draft = { ...draft, points: [...draft.points, point] };
  }

  #write(label: Label, draw: (canvas: Canvas) => Rect | null): void {
    const size = this.#board.image;
    if (!size || !this.#board.labels.includes(label)) return;
    const { mask } = this.#ink.prepare(label);
    const rect = draw({ width: size.width, height: size.height, mask });
    if (!rect) return;
    if (label.saved) keepGuarded(mask, label.saved, this.#pen.guards(label), size.width, rect);
    this.#ink.painted(label, rect);
    this.#ink.finish(label, rect);
  }
}
