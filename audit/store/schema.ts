/**
 * The tables of `project.db`. SQLite's user_version holds the schema's version, and the application
 * id marks the file as a project. Never edit a released version: add a migration.
 */

/** The letters "OVRD" in ASCII. */
export const applicationId = 0x4f565244;

/** The first released schema. */
const version1 = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE structures (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  colour TEXT NOT NULL
) STRICT;

-- In import order. image_file: relative to meta 'root' where it lies under it, else absolute.
CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  image_file TEXT NOT NULL,
  image_hash TEXT NOT NULL,
  width INTEGER NOT NULL CHECK (width > 0),
  height INTEGER NOT NULL CHECK (height > 0),
  bits INTEGER NOT NULL CHECK (bits BETWEEN 1 AND 16),
  spacing_x REAL,
  spacing_y REAL,
  split TEXT,
  annotator TEXT
) STRICT;

-- Every version of every label, never changed. mask: content hash, NULL: made absent.
CREATE TABLE revisions (
  case_id INTEGER NOT NULL REFERENCES cases (id),
  structure_id INTEGER NOT NULL REFERENCES structures (id),
  number INTEGER NOT NULL CHECK (number > 0),
  mask TEXT,
  area INTEGER NOT NULL CHECK (area >= 0),
  author TEXT NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  source_file TEXT,
  PRIMARY KEY (case_id, structure_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_by_mask ON revisions (mask) WHERE mask IS NOT NULL;
CREATE TRIGGER revisions_are_immutable BEFORE UPDATE ON revisions
  BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;
CREATE TRIGGER revisions_are_kept BEFORE DELETE ON revisions
  BEGIN SELECT RAISE(ABORT, 'a revision is never deleted'); END;

-- What a label is now. A label that nobody ever drew has no row.
CREATE TABLE labels (
  case_id INTEGER NOT NULL,
  structure_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('absent', 'empty', 'drawn')),
  verdict TEXT CHECK (verdict IN ('accepted', 'fixed', 'excluded', 'flagged')),
  PRIMARY KEY (case_id, structure_id),
  FOREIGN KEY (case_id, structure_id, revision)
    REFERENCES revisions (case_id, structure_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  structure_id INTEGER NOT NULL REFERENCES structures (id),
  at TEXT NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX comments_by_label ON comments (case_id, structure_id, id);

-- Drawing that is not a revision yet: the pixels of a rectangle before and after, run-length coded.
CREATE TABLE strokes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  structure_id INTEGER NOT NULL REFERENCES structures (id),
  base_revision INTEGER NOT NULL,
  x INTEGER NOT NULL,
  y INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  before BLOB NOT NULL,
  after BLOB NOT NULL,
  at TEXT NOT NULL,
  author TEXT NOT NULL
) STRICT;
CREATE INDEX strokes_by_label ON strokes (case_id, structure_id, id);

CREATE TABLE runs (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  session TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  status TEXT NOT NULL
    CHECK (status IN ('running', 'done', 'failed', 'cancelled', 'interrupted')),
  config TEXT NOT NULL,
  summary TEXT,
  error TEXT
) STRICT;

-- model: a run's id, or the hash of a foreign qam.onnx.
CREATE TABLE scores (
  model TEXT NOT NULL,
  case_id INTEGER NOT NULL REFERENCES cases (id),
  structure_id INTEGER NOT NULL REFERENCES structures (id),
  at TEXT NOT NULL,
  mask TEXT NOT NULL,
  case_score REAL NOT NULL,
  learned REAL NOT NULL,
  dice REAL,
  disagreement REAL,
  softmin REAL,
  area REAL NOT NULL,
  proposal_area REAL,
  boundary REAL,
  boundary_off REAL,
  PRIMARY KEY (model, case_id, structure_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_notices (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('left-out', 'changed')),
  file TEXT NOT NULL,
  reason TEXT NOT NULL,
  UNIQUE (kind, file, reason)
) STRICT;

-- Append-only. hash: SHA-256 over the row before's hash and this row, see audit-log.ts.
CREATE TABLE audit (
  sequence INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  author TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
  BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`;

/**
 * SQL that changes the schema from the version before `to` to version `to`. It runs in a transaction;
 * foreign keys are checked only at its end.
 */
export interface Migration {
  readonly to: number;
  readonly sql: string;
}

/** Adds patient and examination to cases, and calibrations of models' scores. */
const version2 = `
ALTER TABLE cases ADD COLUMN patient TEXT;
ALTER TABLE cases ADD COLUMN study TEXT;

-- model: as in scores. content: JSON, see ranking/calibration.ts.
CREATE TABLE calibrations (
  model TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Adds to scores the kind of error, and the place where label and proposal differ most. */
const version3 = `
ALTER TABLE scores ADD COLUMN kind TEXT;
-- In shares of the image; all six are NULL or none is.
ALTER TABLE scores ADD COLUMN place_x REAL;
ALTER TABLE scores ADD COLUMN place_y REAL;
ALTER TABLE scores ADD COLUMN place_left REAL;
ALTER TABLE scores ADD COLUMN place_top REAL;
ALTER TABLE scores ADD COLUMN place_width REAL;
ALTER TABLE scores ADD COLUMN place_height REAL;
`;

/** The version from which on there is a table of sums. */
export const SUMS_SINCE = 4;

/** Adds sums over the tables, see sums.ts. */
const version4 = `
CREATE TABLE sums (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Adds to scores what each pair of networks measured, if a run has several: JSON, see contract/pair-score.ts. */
const version5 = `
ALTER TABLE scores ADD COLUMN pairs TEXT;
`;

/**
 * Lets people change structures. hidden: a person removed it, and its labels stay. added: the dataset does not
 * have it. former: JSON, the names that it had before, the oldest first.
 */
const version6 = `
ALTER TABLE structures ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE structures ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
ALTER TABLE structures ADD COLUMN former TEXT NOT NULL DEFAULT '[]';
`;

/** All migrations in order, without gaps, from an empty file to the newest version. */
export const migrations: readonly Migration[] = [
  { to: 1, sql: version1 },
  { to: 2, sql: version2 },
  { to: 3, sql: version3 },
  { to: 4, sql: version4 },
  { to: 5, sql: version5 },
  { to: 6, sql: version6 },
];
