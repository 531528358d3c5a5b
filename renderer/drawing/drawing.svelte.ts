/** Turns pointer events into edits, in image pixels: strokes (`strokes.svelte.ts`) and drafts (`drafts.svelte.ts`). */
import { notices } from '../shared/notices.svelte.ts';
import type { Affine } from './affine.ts';
import { groundOf } from './board.ts';
import type { Board, Pen, Prompts } from './board.ts';
import type { Canvas } from './capsule.ts';
import { differenceRect } from './difference.ts';
import { Drafts } from './drafts.svelte.ts';
import type { Draft } from './drafts.svelte.ts';
import type { Ink } from './ink.svelte.ts';
import type { Label } from './label.svelte.ts';
import { keepGuarded } from './masking.ts';
import { copyInPolygon, fillPolygon } from './polygon.ts';
import { wholeOf } from './rect.ts';
import { copyPart } from './proposal-part.ts';
import { applySolution, problemOf } from './scribble.ts';
import type { Scribble } from './scribble.ts';
import { Strokes } from './strokes.svelte.ts';
import type { PenPoint, Position, Rect } from './types.ts';

/** Scribbles on a label, and how many steps there were when they were solved. */
interface Scribbled {
  readonly label: Label | null;
  readonly steps: number;
  readonly list: readonly Scribble[];
}
/** A lasso that stays this near to its beginning, in CSS pixels, is a click. */
const CLICK = 6;
/** What was pointed at on a label, and how many steps there were then. */
interface Prompted {
  readonly label: Label | null;
  readonly steps: number;
  readonly prompts: Prompts;
}
const NO_PROMPTS: Prompts = { points: [], box: null };
const NOTHING: Scribbled = { label: null, steps: -1, list: [] };

export class Drawing {
  #scribbled = $state.raw<Scribbled>(NOTHING);
  #prompted: Prompted = { label: null, steps: -1, prompts: NO_PROMPTS };
  readonly #board: Board;
  readonly #pen: Pen;
  readonly #ink: Ink;
  readonly #strokes: Strokes;
  readonly #drafts: Drafts;
  /** Number of drafts that wait for the model's proposal or for the solver. */
  #waiting = 0;

  constructor(board: Board, pen: Pen, ink: Ink) {
    this.#board = board;
    this.#pen = pen;
    this.#ink = ink;
    this.#strokes = new Strokes(board, pen, ink);
    this.#drafts = new Drafts(board, pen);
  }

  /** Whether a stroke, polygon or lasso is being drawn, which becomes a step of undo only when it ends. */
  get busy(): boolean {
    const drafted = this.draft !== null && this.draft.kind !== 'ruler';
    return drafted || this.#strokes.busy || this.#waiting > 0;
  }

  get draft(): Draft | null {
    return this.#drafts.draft;
  }

  /** The live wire from the last corner to the pointer. */
  get wire(): readonly Position[] {
    return this.#drafts.wire;
  }

  /** See `Strokes`. */
  get dragged(): Affine | null {
    return this.#strokes.dragged;
  }

  get box(): Rect | null {
    return this.#strokes.box;
  }

  get controls(): readonly Position[] {
    return this.#strokes.controls;
  }

  /** The scribbles that the next one adds to: those on the active label, if nothing else has changed since. */
  get scribbles(): readonly Scribble[] {
    const { label, steps, list } = this.#scribbled;
    return label === this.#board.activeLabel && steps === this.#ink.steps ? list : [];
  }

  draws(label: Label): boolean {
    return this.#strokes.draws(label);
  }

  /**
   * Call it when the pointer goes down with a drawing tool.
   * @param opposite reverses the tool: the brush erases, the eraser draws, polygon, lasso and region cut, a
   *   scribble marks the outside, a control point is taken away, a box keeps its proportions or turns by steps of
   *   15°. It changes nothing for the other tools
   */
  down(point: PenPoint, opposite: boolean): void {
    const { tool } = this.#pen;
    this.#strokes.down(point, opposite);
    if (this.#drafts.down(tool, point, opposite)) void this.close();
  }

  /** Call it when the pointer moves over the image, with a button down or without. */
  hover(point: Position): void {
    this.#drafts.hover(point);
  }

  /** Call it when the pointer moves with the button down. */
  move(points: readonly PenPoint[]): void {
    this.#strokes.move(points);
    this.#drafts.move(points);
  }

  /** Call it when the button is let go. */
  up(): void {
    this.#strokes.up();
    if (this.#drafts.held) void this.close();
  }

  /**
   * Ends polygon, lasso or scribble and changes the pixels inside: fills, cuts, copies the proposal, or solves. A
   * click with the lasso of the proposal copies the part of it there. A polygon with fewer than three points changes
   * nothing.
   */
  async close(): Promise<void> {
    const label = this.#board.activeLabel;
    const draft = this.#drafts.take();
    if (!draft || !label) return;
    const { kind, points, cut } = draft;
    if (kind === 'scribble') return this.#solve(draft, label);
    if (kind === 'click') return this.#point(draft, label);
    if (points.length < 3 && kind !== 'proposal-lasso') return;
    if (kind === 'proposal-lasso') {
      this.#waiting += 1;
      const model = await this.#pen.model(label).finally(() => (this.#waiting -= 1));
      if (!model) return;
      const [first] = points;
      const { scale } = this.#board.stage.view;
      const isClick = points.every(
        ({ x, y }) => Math.hypot(x - first.x, y - first.y) * scale < CLICK,
      );
      if (!isClick) this.#write(label, (canvas) => copyInPolygon(canvas, points, model.mask));
      else if (!this.#write(label, (canvas) => copyPart(canvas, model.mask, first))) {
        notices.show({ kind: 'info', text: 'The label is what the model proposes here.' });
      }
    } else {
      this.#write(label, (canvas) => fillPolygon(canvas, points, cut ? 0 : 1));
    }
  }

  /** Removes the newest corner of a polygon. */
  back(): void {
    this.#drafts.back();
  }

  cancel(): void {
    this.#drafts.drop();
    this.#scribbled = NOTHING;
    this.#prompted = { label: null, steps: -1, prompts: NO_PROMPTS };
    this.#strokes.cancel();
  }

  /** Adds a point or a box, and makes the label what the person's network finds there. */
  async #point({ points, cut }: Draft, label: Label): Promise<void> {
    const [from, , to = from] = points;
    const { scale } = this.#board.stage.view;
    const isBox = Math.hypot(to.x - from.x, to.y - from.y) * scale >= CLICK;
    const before = this.#pointed;
    const prompts: Prompts = isBox
      ? {
          points: before.points,
          box: [
            ...[Math.min(from.x, to.x), Math.min(from.y, to.y)],
            ...[Math.max(from.x, to.x), Math.max(from.y, to.y)],
          ] as [number, number, number, number],
        }
      : { ...before, points: [...before.points, { x: from.x, y: from.y, inside: !cut }] };
    this.#waiting += 1;
    try {
      const found = await this.#pen.click(prompts);
      if (!found) return;
      this.#write(label, (canvas) => {
        const rect = differenceRect(
          canvas.mask,
          found,
          canvas.width,
          wholeOf(canvas.width, canvas.height),
        );
        if (rect) canvas.mask.set(found);
        return rect;
      });
      this.#prompted = { label, steps: this.#ink.steps, prompts };
    } finally {
      this.#waiting -= 1;
    }
  }

  /** What the next click adds to: the points and the box on the active label, if nothing else has changed since. */
  get #pointed(): Prompts {
    const { label, steps, prompts } = this.#prompted;
    return label === this.#board.activeLabel && steps === this.#ink.steps ? prompts : NO_PROMPTS;
  }

  /** Adds a scribble, and changes the label by what follows from all of them. */
  async #solve({ points, cut }: Draft, label: Label): Promise<void> {
    const image = this.#board.image;
    if (!image) return;
    const list = [...this.scribbles, { points, inside: !cut }];
    const before = this.#ink.prepare(label).mask;
    const problem = problemOf(groundOf(this.#board, this.#pen, image, label), before, list);
    if (!problem) return;
    this.#waiting += 1;
    try {
      const change = await this.#pen.solve(problem);
      this.#write(label, (canvas) => applySolution(canvas, problem, change));
      this.#scribbled = { label, steps: this.#ink.steps, list };
    } catch (error) {
      notices.error((error as Error).message);
    } finally {
      this.#waiting -= 1;
    }
  }

  /** @returns whether `draw` changed the label */
  #write(label: Label, draw: (canvas: Canvas) => Rect | null): boolean {
    const size = this.#board.image;
    if (!size || !this.#board.labels.includes(label)) return true;
    const { mask } = this.#ink.prepare(label);
    const rect = draw({ width: size.width, height: size.height, mask });
    if (!rect) return false;
    if (label.saved) keepGuarded(mask, label.saved, this.#pen.guards(label), size.width, rect);
    this.#ink.painted(label, rect);
    this.#ink.finish(label, rect);
    return true;
  }
}
