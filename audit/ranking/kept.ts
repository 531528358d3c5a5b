/**
 * Keeps scores and rankings as columns in the project's `cache/` folder, so that a project of 100,000
 * cases opens at once: reading their scores from the database takes seconds. A file that is damaged or
 * out of date is replaced. A project that cannot be written,
 * or that comes from elsewhere, works without these files.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { RankNumber } from '../contract/terms.ts';
import type { RankBy, RankPer } from '../contract/terms.ts';
import { verdictOfCell } from '../store/labeltable.ts';
import { sweepParts } from '../store/leftovers.ts';
import type { LabelTable, ProjectReader } from '../store/types.ts';
import { calibrationOf } from './calibration.ts';
import { packColumns, unpackColumns } from './columns-file.ts';
import type { ColumnGroups } from './columns-file.ts';
import { modelJudgement, previousModel } from './model.ts';
import { presentRows } from './present.ts';
import { Ranking, rankColumns } from './ranking.ts';
import type { RankColumns } from './ranking.ts';
import { columnsOf, rowsOf } from './score-columns.ts';
import type { ScoreNames, ScoreColumns } from './score-columns.ts';

/**
 * Version of the files. Raise it when their layout changes, or when the program computes other values from
 * the same scores.
 */
const FORMAT = 4;

const f64 = z.instanceof(Float64Array);
const f32 = z.instanceof(Float32Array);
const u32 = z.instanceof(Uint32Array);
const u16 = z.instanceof(Uint16Array);

const ScoreFile = z.object({
  scores: z.object({
    ...{ cases: u32, structures: u16, caseScore: f64, learned: f64 },
    ...{ disagreement: f64, softmin: f64, area: f64, expected: f32 },
  }),
});

const OrderFile = z.object({
  ...{ cases: u32, structures: u16, scores: f64, expected: f32, previous: u32 },
});
const RankingFile = z.object({
  label: OrderFile,
  case: OrderFile,
  areas: z.object({ centre: f64, scale: f64 }),
  /** The index in `RankNumber.options` of the number that the ranking shows. */
  number: z.object({ place: u16 }),
});

/** The columns in a file; null if the file is missing or damaged, or was made from another `source`. */
function read<Groups>(file: string, source: string, groups: z.ZodType<Groups>): Groups | null {
  try {
    // Copies the bytes: Node reads a small file into a shared buffer, where they are not aligned.
    const found = unpackColumns(Uint8Array.from(readFileSync(file)));
    return found?.source === source ? groups.parse(found.groups) : null;
  } catch {
    return null;
  }
}

function write(reader: ProjectReader, file: string, bytes: Uint8Array): void {
  if (!reader.isOwn) return;
  const temporary = `${file}.${process.pid}.part`;
  try {
    mkdirSync(dirname(file), { recursive: true });
    sweepParts(dirname(file));
    writeFileSync(temporary, bytes);
    renameSync(temporary, file);
  } catch {
    // The disk is full or read-only: the next call computes the columns again.
    rmSync(temporary, { force: true });
  }
}

/** All scores of a model, including those of labels that are absent now. */
function keptScores(reader: ProjectReader, places: ScoreNames, model: string): ScoreColumns {
  const file = join(reader.folder, 'cache', 'scores', `${encodeURIComponent(model)}.bin`);
  const source = JSON.stringify([FORMAT, reader.scoresState]);
  const kept = read(file, source, ScoreFile);
  if (kept) return kept.scores;
  const calibration = calibrationOf(reader, model);
  const scores = columnsOf(reader.scores(model), places, calibration);
  write(reader, file, packColumns(source, { scores: { ...scores } }));
  return scores;
}

/** A hash that changes when a label is added or removed. */
function presenceHash({ cells }: LabelTable): string {
  const present = cells.map((cell) => (verdictOfCell(cell) === undefined ? 0 : 1));
  return createHash('sha256').update(present).digest('hex');
}

/**
 * Ranks the labels and the cases that are present now, by one measure. The labels of a structure that the
 * model has not learned are left out. The command line, the report and the window all show this ranking.
 * @param table the project's labels as they are now
 * @throws UserError when the measure needs a segmenter and the scores have none.
 */
export function projectRanking(
  reader: ProjectReader,
  table: LabelTable,
  { by, model }: { by: RankBy; model: string },
): Readonly<Record<RankPer, Ranking>> {
  const places = { cases: table.cases, structures: reader.structures.map(({ name }) => name) };
  const before = previousModel(reader, model);
  const file = join(reader.folder, 'cache', 'rankings', `${encodeURIComponent(model)}-${by}.bin`);
  const { unlearned } = modelJudgement(reader, model);
  // A run records at its end which structures it has not learned. Its scores may be ranked before that, so
  // these structures are a part of the state.
  const state = [reader.scoresState, before, [...unlearned.keys()], presenceHash(table)];
  const source = JSON.stringify([FORMAT, ...state]);
  const kept = read(file, source, RankingFile);
  const columns = kept ? columnsIn(kept) : rank();
  if (!kept) write(reader, file, packColumns(source, groupsOf(columns)));
  return {
    label: new Ranking(model, 'label', columns, places),
    case: new Ranking(model, 'case', columns, places),
  };

  function rank(): RankColumns {
    const presentOf = (name: string, left: ReadonlyMap<string, string>): ScoreColumns => {
      const skipped = places.structures.map((structure) => left.has(structure));
      const scores = keptScores(reader, places, name);
      const judged = rowsOf(scores, (row) => !skipped[scores.structures[row]]);
      return presentRows(judged, table, places.structures.length);
    };
    const earlier =
      before === null ? null : presentOf(before, modelJudgement(reader, before).unlearned);
    return rankColumns(presentOf(model, unlearned), earlier, places, by);
  }
}

const groupsOf = (columns: RankColumns): ColumnGroups => ({
  label: { ...columns.label },
  case: { ...columns.case },
  areas: { ...columns.areas },
  number: { place: Uint16Array.of(RankNumber.options.indexOf(columns.number)) },
});

const columnsIn = (kept: z.infer<typeof RankingFile>): RankColumns => ({
  ...kept,
  number: RankNumber.options[kept.number.place[0]],
});
