/** One label within the database. */
import type { Mask } from '../imaging/types.ts';

/** The rows of a label: all tables of labels have this key. */
export interface LabelRowKey {
  readonly caseId: number;
  readonly structureId: number;
}

/** Where a label's rows are, and its names for messages and the audit log. */
export interface StoredLabel extends LabelRowKey {
  readonly case: string;
  readonly structure: string;
  /** Of the case's image, and so of its masks. */
  readonly width: number;
  readonly height: number;
}

/** A mask with nothing drawn, of the case's size. */
export function blankMask(size: { width: number; height: number }): Mask {
  const { width, height } = size;
  return { width, height, data: new Uint8Array(width * height) };
}
