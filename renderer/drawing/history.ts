/**
 * Undo and redo of one case, across its structures. A step may change several structures: a swap changes
 * two.
 */
import { reversed } from './edits.ts';
import type { Edit } from './edits.ts';

export interface LabelChange {
  readonly structure: string;
  readonly edit: Edit;
}
export type UndoStep = readonly LabelChange[];

/** A stroke that the journal holds and no revision yet. */
export interface JournalStroke {
  /** Strokes of all labels are numbered in the order in which they were drawn. */
  readonly id: number;
  readonly edit: Edit;
}

/** The most steps that are kept per case. */
export const DEPTH = 100;

const isSameRun = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

function isSame(one: UndoStep | undefined, other: UndoStep): boolean {
  if (one?.length !== other.length) return false;
  return one.every(({ structure, edit: { rect, before, after } }, i) => {
    const { structure: name, edit } = other[i];
    return (
      structure === name &&
      rect.x === edit.rect.x &&
      rect.y === edit.rect.y &&
      isSameRun(before, edit.before) &&
      isSameRun(after, edit.after)
    );
  });
}

const namesOf = (step: UndoStep | undefined): string[] =>
  (step ?? []).map(({ structure }) => structure);

const back = (step: UndoStep): UndoStep =>
  step.map(({ structure, edit }) => ({ structure, edit: reversed(edit) })).reverse();

export class History {
  #done: UndoStep[] = [];
  #undone: UndoStep[] = [];

  /** The structures that the next undo changes; empty if there is nothing to undo. */
  get undoes(): readonly string[] {
    return namesOf(this.#done.at(-1));
  }

  /** The structures that the next redo changes; empty if there is nothing to redo. */
  get redoes(): readonly string[] {
    return namesOf(this.#undone.at(-1));
  }

  /**
   * Adds a step that was drawn before this window was opened. A step that undoes the newest one, or does the step
   * undone last again, moves between both lists, as it did when it was drawn.
   */
  recall(step: UndoStep): void {
    const newest = this.#done.at(-1);
    if (newest && isSame(back(newest), step)) this.undo();
    else if (isSame(this.#undone.at(-1), step)) this.redo();
    else this.push(step);
  }

  push(step: UndoStep): void {
    this.#done.push(step);
    if (this.#done.length > DEPTH) this.#done.shift();
    this.#undone = [];
  }

  /** The changes that undo the newest step; null if there is no step. */
  undo(): UndoStep | null {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    return back(step);
  }

  /** The changes that redo the step undone last; null if there is no such step. */
  redo(): UndoStep | null {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    return step;
  }

  /** Drops the steps that touch a label, because something else has changed the label's mask. */
  forget(structure: string): void {
    const other = (step: UndoStep): boolean =>
      step.every((change) => change.structure !== structure);
    this.#done = this.#done.filter(other);
    this.#undone = this.#undone.filter(other);
  }
}
