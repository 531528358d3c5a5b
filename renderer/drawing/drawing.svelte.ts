/** Turns pointer events into edits: brush, eraser, polygon, lasso and ruler, in image pixels. */
import { paintCapsule } from './capsule.ts';
import type { Dab } from './capsule.ts';
import type { Ink } from './ink.svelte.ts';
import type { Label, MaskPlane } from './label.svelte.ts';
import { copyInPolygon, fillPolygon } from './polygon.ts';
import type { Position, Rect, ToolName } from './types.ts';
import { uniteRects } from './rect.ts';
import { copyRect } from './edits.ts';
import type { ImagePixels } from '../../audit/contract/client.ts';

/** The parts of the open case that drawing uses. */
interface Board {
  readonly image: ImagePixels | null;
  readonly labels: readonly Label[];
  readonly activeLabel: Label | null;
  readonly layers: { labels: boolean };
  readonly stage: { readonly view: { readonly scale: number } };
}

/** The chosen tool and its settings. */
export interface Pen {
  readonly tool: ToolName;
  /** Radius of the brush, in image pixels; 0.5 draws one pixel. */
  readonly radius: number;
  /** The brush draws only on pixels whose sample is in this range; null: on all pixels. */
  readonly range: { readonly low: number; readonly high: number } | null;
  /** Whether labels may be changed; tells the person if not. */
  mayDraw(): boolean;
  /** The model's proposal for a label; null, after a notice, if there is none. */
  model(label: Label): Promise<MaskPlane | null>;
}

/** A place of the pointer, in image pixels. */
export interface PenPoint extends Position {
  /** Pressure of a pen, 0 … 1; null for other pointers. */
  readonly pressure: number | null;
}

/** A polygon, lasso or ruler that is being drawn. */
interface Draft {
  readonly kind: 'polygon' | 'lasso' | 'proposal-lasso' | 'ruler';
  readonly points: readonly Position[];
  /** Whether pixels are removed instead of added. */
  readonly cut: boolean;
}

interface BrushStroke {
  readonly label: Label;
  readonly value: 0 | 1;
  last: Dab;
  touched: Rect | null;
}

/** With the lightest pressure, a pen draws this share of the radius. */
const LIGHTEST = 0.3;
const SMALLEST_RADIUS = 0.5;

export class Drawing {
  draft = $state.raw<Draft | null>(null);
  readonly #board: Board;
  readonly #pen: Pen;
  readonly #ink: Ink;
  #stroke: BrushStroke | null = null;
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

  draws(label: Label): boolean {
    return this.#stroke?.label === label;
  }

  /**
   * Call it when the pointer goes down with a drawing tool.
   * @param opposite reverses the tool: the brush erases, the eraser draws, polygon and lasso cut. It changes
   *   nothing for the other tools
   */
  down(point: PenPoint, opposite: boolean): void {
    switch (this.#pen.tool) {
      case 'brush':
        return this.#begin(point, opposite ? 0 : 1);
      case 'eraser':
        return this.#begin(point, opposite ? 1 : 0);
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
      this.#stroke = null;
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

  #begin(point: PenPoint, value: 0 | 1): void {
    const label = this.#board.activeLabel;
    if (!label || !this.#pen.mayDraw()) return;
    this.#ink.prepare(label);
    // A label must be visible while it is drawn.
    label.visible = true;
    this.#board.layers.labels = true;
    this.#stroke = { label, value, last: this.#dab(point), touched: null };
    this.#extend(this.#stroke, [point]);
  }

  #extend(stroke: BrushStroke, points: readonly PenPoint[]): void {
    const size = this.#board.image;
    const plane = stroke.label.plane;
    if (!size || !plane) return;
    const canvas = { width: size.width, height: size.height, mask: plane.mask };
    const allowed = this.#pen.range && { ...this.#pen.range, samples: size.samples };
    let rect: Rect | null = null;
    for (const point of points) {
      const dab = this.#dab(point);
      rect = uniteRects(rect, paintCapsule(canvas, stroke.last, dab, stroke.value, allowed));
      stroke.last = dab;
    }
    if (!rect) return;
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

  #write(
    label: Label,
    draw: (canvas: { width: number; height: number; mask: Uint8Array }) => Rect | null,
  ): void {
    const size = this.#board.image;
    if (!size || !this.#board.labels.includes(label)) return;
    const { mask } = this.#ink.prepare(label);
    const rect = draw({ width: size.width, height: size.height, mask });
    if (!rect) return;
    this.#ink.painted(label, rect);
    this.#ink.finish(label, rect);
  }
}
