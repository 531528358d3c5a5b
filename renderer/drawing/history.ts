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

/** The most steps that are kept per case. */
export const DEPTH = 100;

const back = (step: UndoStep): UndoStep =>
  step.map(({ structure, edit }) => ({ structure, edit: reversed(edit) })).reverse();

export class History {
  #done: UndoStep[] = [];
  #undone: UndoStep[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
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
