/** Edits the labels of the case on the stage: drawing, operations on a whole label, undo and redo. */
import type { Client } from '../../audit/contract/client.ts';
import { writeRuns } from '../../audit/contract/runs.ts';
import { listed } from '../../audit/contract/words.ts';
import { Drawing } from '../drawing/drawing.svelte.ts';
import type { Pen, Prompts } from '../drawing/board.ts';
import type { Affine } from '../drawing/affine.ts';
import { Ink } from '../drawing/ink.svelte.ts';
import type { Letter, PaintListener, Sheet, Undoable } from '../drawing/ink.svelte.ts';
import { planeOf } from '../drawing/label.svelte.ts';
import type { Label, MaskPlane } from '../drawing/label.svelte.ts';
import { guardsFor, keepGuarded } from '../drawing/masking.ts';
import type { Guard, Masking } from '../drawing/masking.ts';
import { OPERATIONS } from '../drawing/operations.ts';
import { wholeOf } from '../drawing/rect.ts';
import { Reshaper } from '../drawing/reshaper.ts';
import { solveAside } from '../drawing/solver.ts';
import type { LabelOperation, Position, Rect, ToolName } from '../drawing/types.ts';
import { unchangedInWords } from '../drawing/unchanged.ts';
import { sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import type { LoadedCase } from './library.ts';
import type { OpenCase } from './open-case.svelte.ts';

const sheetOf = ({ detail, image, labels }: LoadedCase): Sheet => ({
  id: detail.case.id,
  size: image.pixels,
  labels,
});

export class Editor implements Pen {
  tool = $state<ToolName>('pan');
  radius = $state(12);
  range = $state.raw<{ low: number; high: number } | null>(null);
  tolerance = $state(40);
  /** Where labels may change, next to the other structures. */
  masking = $state.raw<Masking>(null);
  readonly drawing: Drawing;
  readonly #client: Client;
  readonly #opened: OpenCase;
  readonly #ink: Ink;
  readonly #reshaper: Reshaper;
  readonly #likely = new WeakMap<MaskPlane, Uint8Array>();

  /** @param post called with each edit, to save it */
  constructor(client: Client, opened: OpenCase, post: (letter: Letter) => void) {
    this.#client = client;
    this.#opened = opened;
    this.#ink = new Ink(() => opened.loaded && sheetOf(opened.loaded), post);
    this.drawing = new Drawing(opened, this, this.#ink);
    this.#reshaper = new Reshaper(this.#ink);
  }

  /** Whether there are steps to undo, and to redo, in the case on the stage. */
  get undoable(): Undoable {
    return this.#ink.undoable;
  }

  /** Call it when a case is shown: strokes that were drawn before this window was opened can be undone, too. */
  recall(): void {
    this.#ink.recall();
  }

  /** Shows pixels of a label that another window changed. They are no step to undo, and that window saves them. */
  show(structure: string, rect: Rect, runs: Uint8Array): void {
    const label = this.#opened.labels.find(({ structure: { name } }) => name === structure);
    const size = this.#opened.image;
    if (!label || !size) return;
    const { width, height } = size;
    label.plane ??= planeOf(new Uint8Array(width * height), width, height);
    writeRuns(runs, label.plane.mask, width, rect);
    this.#ink.painted(label, rect);
  }

  undo(): void {
    if (this.drawing.busy) return this.drawing.cancel();
    if (this.mayDraw()) this.#tell('Undone', this.#ink.undo());
  }

  redo(): void {
    if (!this.drawing.busy && this.mayDraw()) this.#tell('Done again', this.#ink.redo());
  }

  /** Applies an operation to the whole active label. Without one, first waits for the case being opened. */
  async apply(operation: LabelOperation): Promise<void> {
    const opened = this.#opened;
    if (!opened.activeLabel && !(await opened.settled())) return;
    const label = opened.activeLabel;
    const size = opened.image;
    if (!label || !size || !this.mayDraw()) return;
    if (operation === 'proposal') {
      const model = await this.model(label);
      if (model && !this.#replace(label, model.mask.slice())) this.#unchanged(operation, label);
      return;
    }
    const { width, height } = size;
    const changed =
      label.mask !== null &&
      this.#replace(label, OPERATIONS[operation](label.mask, width, height, this.radius));
    if (!changed) this.#unchanged(operation, label);
  }

  /** Moves, turns or scales the active label. @param by the change, about the middle of the label */
  reshape(by: (middle: Position) => Affine): void {
    const label = this.#opened.activeLabel;
    const size = this.#opened.image;
    if (!label || !size || this.drawing.busy || !this.mayDraw()) return;
    this.#reshaper.step(label, size, this.guards(label), by);
  }

  /** Tells the person that an operation changed nothing, and why. */
  #unchanged(operation: LabelOperation, label: Label): void {
    const drawn = label.mask?.includes(1) ?? false;
    const masked = this.guards(label).length > 0;
    const text = unchangedInWords(operation, label.structure.name, drawn, masked);
    notices.show({ kind: 'info', topic: 'unchanged', screen: 'review', text });
  }

  /** Exchanges the masks of the active label and another. @param index the other label's, in `labels` */
  swapWith(index: number): void {
    const label = this.#opened.activeLabel;
    const other = this.#opened.labels[index];
    if (!label || !other || label === other || !this.mayDraw()) return;
    this.#ink.swap(label, other);
  }

  /** Replaces the label's mask by that of a revision. */
  async copyRevision(structure: string, revision: number): Promise<void> {
    const opened = this.#opened;
    const id = opened.detail?.case.id;
    const label = opened.labels.find((item) => item.structure.name === structure);
    if (id === undefined || !label || !this.mayDraw()) return;
    try {
      const { data } = await this.#client.mask(id, structure, { revision });
      if (opened.labels.includes(label)) this.#ink.replace(label, data);
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Calls `listener` whenever pixels of a label change in place. @returns a function that ends this */
  onPaint(listener: PaintListener): () => void {
    return this.#ink.onPaint(listener);
  }

  /** Drops the undo steps that touch a label. Call it when the server's mask replaces the label's. */
  forget(caseId: string, structure: string): void {
    this.#ink.forget(caseId, structure);
  }

  guards(label: Label): Guard[] {
    return guardsFor(this.masking, label.structure.name, this.#opened.labels);
  }

  readonly solve = solveAside;

  likely(label: Label): Uint8Array | null {
    if (this.#opened.veiled) return null;
    if (!label.model) {
      // The next region or wire has it.
      void this.#opened.loadModel(label);
      return null;
    }
    let likely = this.#likely.get(label.model);
    if (!likely) {
      likely = label.model.mask.map((value) => 255 * value);
      this.#likely.set(label.model, likely);
    }
    return likely;
  }

  async click(prompts: Prompts): Promise<Uint8Array | null> {
    const id = this.#opened.detail?.case.id;
    if (id === undefined) return null;
    try {
      const mask = await this.#client.click(id, {
        points: [...prompts.points],
        box: prompts.box && [...prompts.box],
      });
      return this.#opened.detail?.case.id === id ? mask : null;
    } catch (error) {
      notices.error(sentenceOf(error));
      return null;
    }
  }

  /** Runs the person's own network ahead of the first click, if there is one. The click says what is wrong with it. */
  prepareClick(): void {
    const id = this.#opened.detail?.case.id;
    if (id === undefined || !session.settings?.clickModel) return;
    void this.#client.prepareClick(id).catch(() => undefined);
  }

  /** Says which structures an undo or redo changed, unless it is the active one and can be seen. */
  #tell(done: string, structures: readonly string[]): void {
    const { activeLabel, hidden } = this.#opened;
    const unseen = structures.filter((name) => hidden.has(name));
    const isPlain = structures.every((name) => name === activeLabel?.structure.name);
    if (isPlain && unseen.length === 0) return;
    const also = unseen.length === 0 ? '' : `, ${listed(unseen)} not shown`;
    const text = `${done}: ${listed(structures)}${also}.`;
    notices.show({ kind: 'done', topic: 'undo', screen: 'review', text });
  }

  /** Whether the project may be changed; tells the person if not. */
  mayDraw(): boolean {
    const project = session.project;
    if (!project || project.writable) return true;
    notices.error(project.readOnlyBecause ?? 'This project can only be read.');
    return false;
  }

  /** The model's proposal for a label, loaded if necessary; null, after a notice, if there is none. */
  async model(label: Label): Promise<MaskPlane | null> {
    if (this.#opened.veiled) {
      notices.error('This is a blind check: the model’s proposal is shown after your verdict.');
      return null;
    }
    await this.#opened.loadModel(label);
    if (!label.model) notices.error(`The model has no proposal for ${label.structure.name}.`);
    return label.model;
  }

  /** Replaces a label's pixels where the masking lets them change. @param mask is changed; @returns false if nothing did */
  #replace(label: Label, mask: Uint8Array): boolean {
    const size = this.#opened.image;
    if (!size) return false;
    const { width, height } = size;
    const before = label.mask ?? new Uint8Array(mask.length);
    keepGuarded(mask, before, this.guards(label), width, wholeOf(width, height));
    return this.#ink.replace(label, mask);
  }
}
