/** Rows of scores. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { PairScore } from '../contract/pair-score.ts';
import { UserError } from '../errors.ts';
import { LabelKind } from '../contract/terms.ts';
import type { Place } from '../contract/terms.ts';
import type { Database } from './database.ts';
import type { LabelRowKey } from './label.ts';
import { IMPORTED_MASK } from './labeltable.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { LabelScore } from './types.ts';

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
  kind: string | null;
  place_x: number | null;
  place_y: number;
  place_left: number;
  place_top: number;
  place_width: number;
  place_height: number;
  pairs: string | null;
}

/** A kind that a newer version of Overread wrote is unknown here. */
const readKind = (kind: string | null): LabelKind | null =>
  LabelKind.options.find((known) => known === kind) ?? null;

function readPlace(row: ScoreRow): Place | null {
  if (row.place_x === null) return null;
  return {
    x: row.place_x,
    y: row.place_y,
    left: row.place_left,
    top: row.place_top,
    width: row.place_width,
    height: row.place_height,
  };
}

/** @throws UserError if the text is not what `writeScore` wrote, as in a project that somebody else made */
function readPairs(text: string): PairScore[] {
  const read = z.array(PairScore).safeParse(JSON.parse(text));
  if (read.success) return read.data;
  throw new UserError(
    'A score in project.db is not what Overread writes: score the labels again, or ask whoever gave you the project.',
    { code: 'bad-file' },
  );
}

const COLUMNS = `c.name AS "case", t.name AS structure, s.mask, s.case_score, s.learned,
    s.dice, s.disagreement, s.softmin, s.area, s.proposal_area, s.boundary, s.boundary_off,
    s.kind, s.place_x, s.place_y, s.place_left, s.place_top, s.place_width, s.place_height, s.pairs`;
const ORDER = 'ORDER BY s.case_id, s.structure_id';

/** Scores by one model, of some cases (their names) or of all, in import order. */
export function readScores(db: Database, model: string, ids?: readonly string[]): LabelScore[] {
  const rows =
    ids === undefined
      ? db.all<ScoreRow>(
          `SELECT ${COLUMNS} FROM scores s JOIN cases c ON c.id = s.case_id
             JOIN structures t ON t.id = s.structure_id AND NOT t.hidden
             WHERE s.model = ? ${ORDER}`,
          model,
        )
      : // CROSS JOIN begins with the named cases; SQLite would begin with all scores.
        db.all<ScoreRow>(
          `SELECT ${COLUMNS} FROM json_each(?) AS wanted CROSS JOIN cases c ON c.name = wanted.value
             CROSS JOIN scores s ON s.model = ? AND s.case_id = c.id
             JOIN structures t ON t.id = s.structure_id AND NOT t.hidden ${ORDER}`,
          JSON.stringify(ids),
          model,
        );
  return rows.map((row) => ({
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
    kind: readKind(row.kind),
    place: readPlace(row),
    ...(row.pairs !== null && { pairs: readPairs(row.pairs) }),
  }));
}

/** Labels whose score by a model says this kind: the place of the case, from 0, and the structure's id. */
export function readLabelsOfKind(
  db: Database,
  model: string,
  kind: LabelKind,
): { case: number; structure: number }[] {
  // The n-th case has the id n (see `readLabelTable`).
  return db.all(
    `SELECT case_id - 1 AS "case", structure_id AS structure FROM scores
       WHERE model = ? AND kind = ?`,
    model,
    kind,
  );
}

/**
 * Names of the models with scores. The query jumps from model to model in the index, so it is fast even
 * with millions of scores.
 */
export function scoredModelNames(db: Database): string[] {
  return db
    .all<{ model: string }>(
      `WITH RECURSIVE names (model) AS (
         SELECT min(model) FROM scores
         UNION ALL
         SELECT (SELECT min(model) FROM scores WHERE model > names.model) FROM names
         WHERE names.model IS NOT NULL)
       SELECT model FROM names WHERE model IS NOT NULL`,
    )
    .map(({ model }) => model);
}

/**
 * Models with scores, the time of each model's newest score and how many labels it scored. The model
 * with the newest score comes last.
 */
export function readScoredModels(db: Database): { model: string; at: string; labels: number }[] {
  return db.all(
    'SELECT model, max(at) AS at, count(*) AS labels FROM scores GROUP BY model ORDER BY at, model',
  );
}

/**
 * Labels with a verdict that were changed since the import and whose current mask `model` has scored.
 */
export function readChangedAndScored(
  db: Database,
  model: string,
): { case: string; structure: string; mask: string }[] {
  return db.all(
    // CROSS JOIN begins with the labels that have a verdict; SQLite would begin with all scores.
    `SELECT c.name AS "case", t.name AS structure, s.mask FROM labels l
         CROSS JOIN revisions r ON r.case_id = l.case_id AND r.structure_id = l.structure_id
           AND r.number = l.revision
         CROSS JOIN scores s ON s.model = ? AND s.case_id = l.case_id
           AND s.structure_id = l.structure_id AND s.mask = r.mask
         JOIN cases c ON c.id = l.case_id
         JOIN structures t ON t.id = l.structure_id AND NOT t.hidden
       WHERE l.verdict IS NOT NULL AND r.mask IS NOT ${IMPORTED_MASK}`,
    model,
  );
}

/** A random word that changes whenever scores or calibrations are saved. */
export function readScoresState(db: Database): string {
  return readMeta(db, 'scores_state') ?? 'first';
}

/** Changes the word of `readScoresState`; call it in the transaction that saves scores. */
export function renewScoresState(db: Database): void {
  // Random, not a count: a project restored from a backup would reach the same counts again.
  writeMeta(db, 'scores_state', randomBytes(12).toString('hex'));
}

/** The six columns of a place, in the order of the table. */
function placeColumns(place: Place | null): (number | null)[] {
  if (place === null) return new Array<null>(6).fill(null);
  return [place.x, place.y, place.left, place.top, place.width, place.height];
}

/** Inserts or replaces one score. @throws Error if a number is not finite */
export function writeScore(
  db: Database,
  model: string,
  at: string,
  label: LabelRowKey,
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
    ...placeColumns(score.place),
  ];
  if (!numbers.every((value) => value === null || Number.isFinite(value))) {
    throw new Error(`a score of ${score.case} / ${score.structure} is not a number`);
  }
  db.run(
    `INSERT OR REPLACE INTO scores (model, case_id, structure_id, at, mask, case_score, learned,
       dice, disagreement, softmin, area, proposal_area, boundary, boundary_off, place_x, place_y,
       place_left, place_top, place_width, place_height, kind, pairs)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    model,
    label.caseId,
    label.structureId,
    at,
    score.mask,
    ...numbers,
    score.kind,
    score.pairs === undefined ? null : JSON.stringify(score.pairs),
  );
}
