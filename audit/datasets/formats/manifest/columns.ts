/** The table of a manifest as text. It is the same for CSV and Parquet. */

/** A row of the manifest that an export writes. */
export interface EditedRow {
  /** The index of the original row, or null for a new row. */
  readonly from: number | null;
  /**
   * The new text of each changed cell, by the column's name in the file. A new row has all its cells
   * here.
   */
  readonly cells: ReadonlyMap<string, string>;
}

export interface ManifestTable {
  /** The names of the columns in the file. */
  readonly columns: readonly string[];
  /** The cells of each row, in the order of the columns; '' for an empty cell. */
  readonly rows: readonly (readonly string[])[];
  /** Encodes a file that has only these rows. Unchanged cells stay as they are. */
  encode(rows: readonly EditedRow[]): Promise<Uint8Array>;
}

/** The most rows of a manifest. */
export const MAX_ROWS = 2_000_000;
