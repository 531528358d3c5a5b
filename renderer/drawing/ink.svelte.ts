/**
 * Edits the labels of the case on the stage in place, undoes and redoes the edits, and tells listeners
 * which pixels changed. A case's undo steps are kept when another case is opened.
 */
import { writeRuns } from '../../audit/contract/runs.ts';
import { notices } from '../shared/notices.svelte.ts';
import { countDifferent, differenceRect } from './difference.ts';
import { copyRect, makeEdit, showsRect } from './edits.ts';
import type { Edit } from './edits.ts';
import { History } from './history.ts';
import type { LabelChange, UndoStep } from './history.ts';
import { planeOf } from './label.svelte.ts';
import type { Label, MaskPlane } from './label.svelte.ts';
import { updateMaskPyramid } from './pyramid.ts';
import { wholeOf } from './rect.ts';
import type { Rect } from './types.ts';

/** A case that is drawn on: the size of its image, and its labels. */
export interface Sheet {
  readonly id: string;
  /** Size of the image and of every mask, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  readonly labels: readonly Label[];
}

/** An edit of one label of a case, to be saved. */
export interface Letter {
  readonly id: string;
  readonly structure: string;
  readonly edit: Edit;
}

/** Called after pixels of the label at `index` were changed in place. */
export type PaintListener = (index: number, rect: Rect) => void;

/** The structures that the next undo and the next redo change; empty if there is no such step. */
export interface Undoable {
  readonly undoes: readonly string[];
  readonly redoes: readonly string[];
}

/** Adds the strokes in the journal of a case's labels to its history, the oldest first. */
function recall(history: History, { size, labels }: Sheet): void {
  const strokes = labels
    .flatMap((label) => label.journal.map((stroke) => ({ label, stroke })))
    .sort((one, other) => one.stroke.id - other.stroke.id);
  for (const { label, stroke } of strokes)
    history.recall([{ structure: label.structure.name, edit: stroke.edit }]);
  for (const label of labels) {
    if (label.journal.length > 0 && label.mask) {
      // Without the journal's strokes the label is the newest revision.
      const base = label.mask.slice();
      for (const { edit } of label.journal.toReversed())
        writeRuns(edit.before, base, size.width, edit.rect);
      label.base = base;
      const whole = wholeOf(size.width, size.height);
      label.differing = countDifferent(base, label.mask, size.width, whole);
    }
    label.journal = [];
  }
}

export class Ink {
  /** Grows with every change of a history: it is reactive, and the histories are not. */
  #steps = $state(0);
  readonly #sheet: () => Sheet | null;
  readonly #post: (letter: Letter) => void;
  readonly #histories = new Map<string, History>();
  readonly #listeners = new Set<PaintListener>();

  /** @param post called with each edit, to save it */
  constructor(current: () => Sheet | null, post: (letter: Letter) => void) {
    this.#sheet = current;
    this.#post = post;
  }

  /** Grows with every step, undo and redo. */
  get steps(): number {
    return this.#steps;
  }

  /** Whether there are steps to undo, and to redo, in the case on the stage. */
  get undoable(): Undoable {
    void this.#steps;
    const { undoes, redoes } = this.#history;
    return { undoes, redoes };
  }

  /** Calls `listener` whenever pixels of a label change in place. @returns a function that ends this */
  onPaint(listener: PaintListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Call it when a case is shown: strokes that were drawn before this window was opened can be undone, too. */
  recall(): void {
    const sheet = this.#sheet();
    if (!sheet || this.#histories.has(sheet.id)) return;
    recall(this.#history, sheet);
    this.#steps += 1;
  }

  /** Prepares a label for drawing. A label that nobody drew begins empty. */
  prepare(label: Label): MaskPlane {
    const { width, height } = this.#size;
    const plane = label.plane ?? planeOf(new Uint8Array(width * height), width, height);
    label.plane = plane;
    label.saved ??= plane.mask.slice();
    if (label.strokes === 0) label.base ??= plane.mask.slice();
    return plane;
  }

  /** Updates a mask's smaller versions and tells the listeners, after pixels in the rectangle changed. */
  painted(label: Label, rect: Rect): void {
    const { width, height } = this.#size;
    if (!label.plane) return;
    updateMaskPyramid(label.plane.levels, label.plane.mask, width, height, rect);
    const index = this.#sheet()?.labels.indexOf(label) ?? -1;
    if (index >= 0) for (const listener of this.#listeners) listener(index, rect);
  }

  /** Makes one undo step of everything drawn within the rectangle since the last edit. */
  finish(label: Label, within: Rect): void {
    this.#push([this.#committed(label, within)]);
  }

  /** Replaces a label's pixels by those of `mask`, as one undo step. @returns whether a pixel changed */
  replace(label: Label, mask: Uint8Array): boolean {
    return this.#push([this.#change(label, mask)]);
  }

  /** Exchanges the masks of two labels, as one undo step. */
  swap(label: Label, other: Label): void {
    const [first, second] = [this.prepare(label).mask.slice(), this.prepare(other).mask];
    this.#push([this.#change(label, second), this.#change(other, first)]);
  }

  /** Undoes the newest step. @returns the structures that it changed */
  undo(): readonly string[] {
    return this.#replay(this.#history.undo());
  }

  /** Does the step undone last again. @returns the structures that it changed */
  redo(): readonly string[] {
    return this.#replay(this.#history.redo());
  }

  /** Drops the undo steps that touch a label. Call it when the server's mask replaces the label's. */
  forget(id: string, structure: string): void {
    this.#histories.get(id)?.forget(structure);
    this.#steps += 1;
  }

  get #size(): { readonly width: number; readonly height: number } {
    return this.#sheet()?.size ?? { width: 0, height: 0 };
  }

  get #history(): History {
    const id = this.#sheet()?.id ?? '';
    let history = this.#histories.get(id);
    if (!history) this.#histories.set(id, (history = new History()));
    return history;
  }

  #find(structure: string): Label | undefined {
    return this.#sheet()?.labels.find((label) => label.structure.name === structure);
  }

  #change(label: Label, mask: Uint8Array): LabelChange | null {
    const { width, height } = this.#size;
    const plane = this.prepare(label);
    const rect = differenceRect(plane.mask, mask, width, wholeOf(width, height));
    if (!rect) return null;
    copyRect(mask, plane.mask, width, rect);
    this.painted(label, rect);
    return this.#committed(label, rect);
  }

  #committed(label: Label, within: Rect): LabelChange | null {
    const { width } = this.#size;
    if (!label.plane || !label.saved) return null;
    const edit = makeEdit(label.saved, label.plane.mask, width, within);
    if (!edit) return null;
    this.#count(label, label.saved, label.plane.mask, edit.rect);
    copyRect(label.plane.mask, label.saved, width, edit.rect);
    return { structure: label.structure.name, edit };
  }

  /** Keeps `label.differing` right when the pixels in the rectangle change. */
  #count(label: Label, before: Uint8Array, after: Uint8Array, rect: Rect): void {
    const { base } = label;
    if (!base) return;
    const { width } = this.#size;
    label.differing +=
      countDifferent(base, after, width, rect) - countDifferent(base, before, width, rect);
  }

  /** @returns whether there was a change */
  #push(changes: readonly (LabelChange | null)[]): boolean {
    const step = changes.filter((change) => change !== null);
    if (step.length === 0) return false;
    this.#history.push(step);
    this.#steps += 1;
    this.#send(step);
    return true;
  }

  #send(step: UndoStep): void {
    const id = this.#sheet()?.id;
    if (id === undefined) return;
    for (const { structure, edit } of step) {
      const label = this.#find(structure);
      if (label) label.strokes += 1;
      this.#post({ id, structure, edit });
    }
  }

  #replay(step: UndoStep | null): readonly string[] {
    this.#steps += 1;
    const { width } = this.#size;
    if (!step) return [];
    for (const { structure, edit } of step) {
      const mask = this.#find(structure)?.mask;
      if (mask && showsRect(mask, width, edit.rect, edit.before)) continue;
      this.#history.forget(structure);
      notices.error(`${structure} was changed elsewhere: what was drawn before cannot be undone.`);
      return [];
    }
    for (const { structure, edit } of step) {
      const label = this.#find(structure);
      if (!label?.plane) continue;
      const { mask } = this.prepare(label);
      writeRuns(edit.after, mask, width, edit.rect);
      if (label.saved) {
        this.#count(label, label.saved, mask, edit.rect);
        copyRect(mask, label.saved, width, edit.rect);
      }
      this.painted(label, edit.rect);
    }
    this.#send(step);
    return step.map(({ structure }) => structure);
  }
}
