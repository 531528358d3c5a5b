/** Undo and redo of one image, across its structures. A step may change several (a swap: two). */
import { reversed } from './edits.ts';
import type { Edit } from './edits.ts';

export interface LabelChange {
  readonly structure: string;
  readonly edit: Edit;
}
export type UndoStep = readonly LabelChange[];

/** Steps that are kept of an image. */
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

  /** What to do in order to undo the newest step, or null. */
  undo(): UndoStep | null {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    return back(step);
  }

  /** What to do in order to redo the step undone last, or null. */
  redo(): UndoStep | null {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    return step;
  }

  /** Somebody else changed the label: steps that touch it do not fit it any more. */
  forget(structure: string): void {
    const other = (step: UndoStep): boolean =>
      step.every((change) => change.structure !== structure);
    this.#done = this.#done.filter(other);
    this.#undone = this.#undone.filter(other);
  }
}
