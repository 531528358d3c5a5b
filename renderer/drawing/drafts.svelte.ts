/** What is drawn before it changes a label: polygon, live wire, lasso, scribble and ruler. */
import { groundOf } from './board.ts';
import type { Board, Pen } from './board.ts';
import { LiveWire } from './livewire.ts';
import type { Position, ToolName } from './types.ts';

/** A polygon, lasso, scribble or ruler that is being drawn. */
export interface Draft {
  readonly kind: 'polygon' | 'lasso' | 'proposal-lasso' | 'scribble' | 'click' | 'ruler';
  readonly points: readonly Position[];
  /** Whether pixels are removed instead of added; of a scribble, whether it marks the outside. */
  readonly cut: boolean;
  /** The corners that the person set, if a live wire made the points between them: how many points came before. */
  readonly anchors?: readonly number[];
}

/** Drafts that are drawn while the button is held. */
const HELD: readonly Draft['kind'][] = ['lasso', 'proposal-lasso', 'scribble', 'click'];
/** So near to the first corner, in CSS pixels, a click closes a polygon. */
const NEAR = 8;

export class Drafts {
  draft = $state.raw<Draft | null>(null);
  /** The live wire from the last corner to the pointer. */
  wire = $state.raw<readonly Position[]>([]);
  #wire: LiveWire | null = null;
  readonly #board: Board;
  readonly #pen: Pen;

  constructor(board: Board, pen: Pen) {
    this.#board = board;
    this.#pen = pen;
  }

  /** Whether a draft is drawn that ends when the button is let go. */
  get held(): boolean {
    return this.draft !== null && HELD.includes(this.draft.kind);
  }

  /**
   * Begins a draft with the tool, or sets the next corner.
   * @returns whether the corner closes the polygon
   */
  down(tool: ToolName, point: Position, opposite: boolean): boolean {
    if (tool === 'ruler') {
      this.draft = { kind: 'ruler', points: [point, point], cut: false };
      return false;
    }
    if (tool !== 'polygon' && tool !== 'wire') {
      if (
        tool === 'lasso' ||
        tool === 'proposal-lasso' ||
        tool === 'scribble' ||
        tool === 'click'
      ) {
        if (this.#mayBegin()) this.draft = { kind: tool, points: [point], cut: opposite };
      }
      return false;
    }
    return tool === 'wire' ? this.#anchor(point, opposite) : this.#corner(point, opposite);
  }

  /** Call it when the pointer moves over the image, with a button down or without. */
  hover(point: Position): void {
    if (!this.#wire || !this.draft?.anchors) return;
    this.wire = this.#pen.tool === 'wire' ? this.#wire.to(point) : [point];
  }

  move(points: readonly Position[]): void {
    const draft = this.draft;
    if (draft?.kind === 'ruler') {
      this.draft = { ...draft, points: [draft.points[0], points[points.length - 1]] };
    } else if (draft?.kind === 'click') {
      // A drag is a box.
      const [from, to] = [draft.points[0], points[points.length - 1]];
      const corners = [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }, from];
      this.draft = { ...draft, points: corners };
    } else if (draft && this.held) {
      this.draft = { ...draft, points: [...draft.points, ...points] };
    }
  }

  /** Ends the draft. @returns it with all its points; null if there is no draft that changes a label */
  take(): Draft | null {
    const draft = this.draft;
    if (!draft || draft.kind === 'ruler') return null;
    const points = this.#closed(draft);
    this.drop();
    return { ...draft, points };
  }

  /** Removes the newest corner of a polygon. */
  back(): void {
    const draft = this.draft;
    if (draft?.kind !== 'polygon') return;
    const { anchors } = draft;
    const points = draft.points.slice(0, anchors ? anchors[anchors.length - 1] : -1);
    if (points.length === 0) return this.drop();
    this.draft = { ...draft, points, ...(anchors && { anchors: anchors.slice(0, -1) }) };
    if (anchors) this.#stretch(points[points.length - 1]);
  }

  drop(): void {
    this.draft = null;
    this.#wire = null;
    this.wire = [];
  }

  #mayBegin(): boolean {
    return this.#board.activeLabel !== null && this.#pen.mayDraw();
  }

  #corner(point: Position, opposite: boolean): boolean {
    const draft = this.draft?.kind === 'polygon' ? this.draft : null;
    if (!draft) {
      if (this.#mayBegin()) this.draft = { kind: 'polygon', points: [point], cut: opposite };
      return false;
    }
    const first = draft.points[0];
    if (this.#isNear(point, first) && draft.points.length >= 3) return true;
    if (draft.anchors) {
      const anchors = [...draft.anchors, draft.points.length];
      this.draft = { ...draft, points: [...draft.points, point], anchors };
      this.#stretch(point);
    } else this.draft = { ...draft, points: [...draft.points, point] };
    return false;
  }

  /** Sets a corner of the live wire. */
  #anchor(point: Position, opposite: boolean): boolean {
    const draft = this.draft?.kind === 'polygon' ? this.draft : null;
    if (!draft) {
      if (!this.#mayBegin()) return false;
      this.draft = { kind: 'polygon', points: [point], cut: opposite, anchors: [0] };
      this.#stretch(point);
      return false;
    }
    const { points } = draft;
    const anchors = draft.anchors ?? points.map((_, i) => i);
    if (this.#isNear(point, points[0]) && anchors.length > 1) return true;
    const way = this.#wire?.to(point).slice(1) ?? [point];
    this.draft = { ...draft, points: [...points, ...way], anchors: [...anchors, points.length] };
    this.#stretch(point);
    return false;
  }

  /** Stretches a new live wire from a corner. */
  #stretch(from: Position): void {
    const label = this.#board.activeLabel;
    const image = this.#board.image;
    if (!label || !image) return;
    this.#wire = new LiveWire(
      groundOf(this.#board, this.#pen, image, label),
      from,
      this.#board.stage.view.scale,
    );
    this.wire = [];
  }

  /** The points of a finished polygon or lasso. A live wire goes back to its first corner. */
  #closed({ points, anchors }: Draft): readonly Position[] {
    const back = anchors && this.#wire ? this.#wire.to(points[0]).slice(1, -1) : [];
    return [...points, ...back];
  }

  #isNear(a: Position, b: Position): boolean {
    return Math.hypot(a.x - b.x, a.y - b.y) * this.#board.stage.view.scale < NEAR;
  }
}
