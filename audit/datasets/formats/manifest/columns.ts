/** A manifest as a table of text, whatever kind of file it came in. */

/** A row to be written: one that was there, with some cells changed, or (`from` null) a new one. */
export interface EditedRow {
  readonly from: number | null;
  readonly cells: ReadonlyMap<string, string>;
}

export interface ManifestTable {
  /** As named in the file. */
  readonly columns: readonly string[];
  /** Cells in the columns' order; '' where there is nothing. */
  readonly rows: readonly (readonly string[])[];
  /** The file with these rows alone; what is not changed stays as it is. */
  encode(rows: readonly EditedRow[]): Promise<Uint8Array>;
}

/** The most rows of a manifest. */
export const MAX_ROWS = 2_000_000;
