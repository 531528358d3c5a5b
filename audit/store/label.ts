/** The key of a label in the database, and the label's names. */

/** The key of a label's rows, the same in every table. */
export interface LabelRowKey {
  readonly caseId: number;
  readonly structureId: number;
}

/** A label's key, and its names for messages and the audit log. */
export interface StoredLabel extends LabelRowKey {
  readonly case: string;
  readonly structure: string;
  /** Size of the case's image and of its masks, in pixels. */
  readonly width: number;
  readonly height: number;
}
