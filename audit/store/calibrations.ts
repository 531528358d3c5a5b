/** Rows of calibrations: JSON that `ranking/calibration.ts` writes and reads. */
import type { Database } from './database.ts';

/** The calibration of a model, or null if it was never calibrated. */
export function readCalibrationRow(db: Database, model: string): unknown {
  const row = db.get<{ content: string }>(
    'SELECT content FROM calibrations WHERE model = ?',
    model,
  );
  return row === undefined ? null : JSON.parse(row.content);
}

/** Inserts or replaces the calibration of a model. */
export function writeCalibrationRow(db: Database, model: string, content: unknown): void {
  db.run(
    'INSERT OR REPLACE INTO calibrations (model, at, content) VALUES (?, ?, ?)',
    model,
    new Date().toISOString(),
    JSON.stringify(content),
  );
}
