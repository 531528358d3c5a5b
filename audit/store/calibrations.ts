/** What a model's scores mean, kept beside them: JSON that `ranking/calibration.ts` reads. */
import type { Database } from './database.ts';

/** Null where the model was never calibrated. */
export function readCalibrationRow(db: Database, model: string): unknown {
  const row = db.get<{ content: string }>(
    'SELECT content FROM calibrations WHERE model = ?',
    model,
  );
  return row === undefined ? null : JSON.parse(row.content);
}

/** Replaces what was known of the model. */
export function writeCalibrationRow(db: Database, model: string, content: unknown): void {
  db.run(
    'INSERT OR REPLACE INTO calibrations (model, at, content) VALUES (?, ?, ?)',
    model,
    new Date().toISOString(),
    JSON.stringify(content),
  );
}
