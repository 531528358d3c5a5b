/** Trainings and what their models said, as rows. */
import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import type { LabelScore, Run, RunStatus } from './types.ts';

interface RunRow {
  id: string;
  session: string;
  started_at: string;
  ended_at: string | null;
  status: RunStatus;
  config: string;
  summary: string | null;
  error: string | null;
}

/** Newest last. `alive` tells whether the process that began a run still writes the project. */
export function listRuns(db: Database, alive: (session: string) => boolean): Run[] {
  return db.all<RunRow>('SELECT * FROM runs ORDER BY sequence').map((row) => toRun(row, alive));
}

export function findRun(db: Database, id: string, alive: (session: string) => boolean): Run | null {
  const row = db.get<RunRow>('SELECT * FROM runs WHERE id = ?', id);
  return row ? toRun(row, alive) : null;
}

/** The newest run that ended well. */
export function newestDone(db: Database): Run | null {
  const row = db.get<RunRow>(
    "SELECT * FROM runs WHERE status = 'done' ORDER BY sequence DESC LIMIT 1",
  );
  return row ? toRun(row, () => true) : null;
}

function toRun(row: RunRow, alive: (session: string) => boolean): Run {
  const lost = row.status === 'running' && !alive(row.session);
  return {
    id: row.id,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    status: lost ? 'interrupted' : row.status,
    config: JSON.parse(row.config) as unknown,
    summary: row.summary === null ? null : (JSON.parse(row.summary) as unknown),
    error: row.error,
  };
}

/** A name that sorts by time and is unlike any other project's: `20260131-142500-9f3c`. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]/g, '');
  return `${time.slice(0, 8)}-${time.slice(9, 15)}-${randomBytes(2).toString('hex')}`;
}

interface ScoreRow {
  case: string;
  structure: string;
  mask: string;
  case_score: number;
  learned: number;
  dice: number | null;
  disagreement: number | null;
  softmin: number | null;
  area: number;
  proposal_area: number | null;
  boundary: number | null;
  boundary_off: number | null;
}

/** Scores of one model, in import order of the cases. */
export function readScores(db: Database, model: string): LabelScore[] {
  return db
    .all<ScoreRow>(
      `SELECT c.name AS "case", t.name AS structure, s.mask, s.case_score, s.learned, s.dice,
              s.disagreement, s.softmin, s.area, s.proposal_area, s.boundary, s.boundary_off
       FROM scores s JOIN cases c ON c.id = s.case_id JOIN structures t ON t.id = s.structure_id
       WHERE s.model = ? ORDER BY s.case_id, s.structure_id`,
      model,
    )
    .map((row) => ({
      case: row.case,
      structure: row.structure,
      mask: row.mask,
      caseScore: row.case_score,
      learned: row.learned,
      dice: row.dice,
      disagreement: row.disagreement,
      softmin: row.softmin,
      area: row.area,
      proposalArea: row.proposal_area,
      boundary: row.boundary,
      boundaryOff: row.boundary_off,
    }));
}

/** Inserts or replaces one score. @throws Error where a number is there but not finite. */
export function writeScore(
  db: Database,
  model: string,
  at: string,
  label: { caseId: number; structureId: number },
  score: LabelScore,
): void {
  const numbers = [
    score.caseScore,
    score.learned,
    score.dice,
    score.disagreement,
    score.softmin,
    score.area,
    score.proposalArea,
    score.boundary,
    score.boundaryOff,
  ];
  if (!numbers.every((value) => value === null || Number.isFinite(value))) {
    throw new Error(`a score of ${score.case} / ${score.structure} is not a number`);
  }
  db.run(
    `INSERT OR REPLACE INTO scores (model, case_id, structure_id, at, mask, case_score, learned,
       dice, disagreement, softmin, area, proposal_area, boundary, boundary_off)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    model,
    label.caseId,
    label.structureId,
    at,
    score.mask,
    ...numbers,
  );
}
