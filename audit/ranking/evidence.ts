/** Collects a project's verdicts for the estimate of the errors left. */
import type { Left } from '../contract/api.ts';
import { isErrorFound } from '../contract/terms.ts';
import { VerdictLog } from '../review/verdict-log.ts';
import type { BlindVerdict } from '../review/verdict-log.ts';
import { verdictOfCell } from '../store/labeltable.ts';
import type { LabelTable, ProjectReader } from '../store/types.ts';
import { errorStep } from './calibration.ts';
import { projectRanking } from './kept.ts';
import { estimateLeft } from './left.ts';
import type { JudgedLabel } from './left.ts';
import { previousModel, rankingModel } from './model.ts';
import type { Order } from './order.ts';
import { robustZ, spread } from './robust.ts';

/** The data that the estimate is made from. */
export interface Ground {
  readonly model: string;
  readonly table: LabelTable;
  /** The labels in the order of their combined scores. */
  readonly order: Order;
  /** Numbers of the labels (case × structures + structure) whose mask is not the imported one. */
  readonly changed: ReadonlySet<number>;
  readonly blind: readonly BlindVerdict[];
}

/** The expected dice that gives 0: two people's labels of one structure differ by about as much. */
const USUAL = 0.97;
/** By how much `errorStep` differs between two scores that are one unit apart. */
const UNIT = 0.25;

/**
 * The scores as the numbers that `left.ts` expects: 0 is a label as good as most, −2 is doubtful. An
 * expected dice is converted by a fixed rule (0.97 gives 0, 0.93 gives −2), so that the numbers of two runs
 * can be compared. Without a calibration the scores become robust z-scores.
 */
function zOf({ scores, expected }: Order): Float64Array {
  if (expected.some((dice) => !Number.isNaN(dice))) {
    return scores.map((dice) => (errorStep(dice) - errorStep(USUAL)) / UNIT);
  }
  const cohort = spread(scores);
  return scores.map((score) => robustZ(score, cohort));
}

/**
 * The converted score (`zOf`) of each label, by the label's number (case × structures + structure); NaN for
 * a label without a score.
 */
function scoresOf(order: Order, labels: number, structures: number): Float64Array {
  const scores = new Float64Array(labels).fill(NaN);
  zOf(order).forEach((score, row) => {
    scores[order.cases[row] * structures + order.structures[row]] = score;
  });
  return scores;
}

/**
 * A label that was changed and then scored again has the score of a good label and the verdict of a bad
 * one. The verdict is about the earlier mask, so this function replaces the score by the one that an
 * earlier run gave to the earlier mask. If no run scored another mask of the label, the score becomes
 * NaN.
 */
function putBack(reader: ProjectReader, ground: Ground, scores: Float64Array): void {
  const { table, model } = ground;
  const structures = reader.structures.length;
  const indexOf = new Map(table.cases.map((id, index) => [id, index]));
  const wanted = new Map<number, string>();
  for (const { case: id, structure, mask } of reader.changedAndScored(model)) {
    const s = reader.structures.findIndex(({ name }) => name === structure);
    const label = (indexOf.get(id) ?? 0) * structures + s;
    wanted.set(label, mask);
    scores[label] = NaN;
  }
  let earlier = wanted.size > 0 ? previousModel(reader, model) : null;
  while (earlier !== null && wanted.size > 0) {
    const { label: ranking } = projectRanking(reader, table, { by: 'combined', model: earlier });
    const before = scoresOf(ranking.order, scores.length, structures);
    for (const [label, mask] of wanted) {
      if (Number.isNaN(before[label])) continue;
      const id = table.cases[Math.floor(label / structures)];
      const { name } = reader.structures[label % structures];
      const scored = reader.scores(earlier, [id]).find(({ structure }) => structure === name);
      if (scored === undefined || scored.mask === mask) continue;
      scores[label] = before[label];
      wanted.delete(label);
    }
    earlier = previousModel(reader, earlier);
  }
}

/** Numbers of the labels (case × structures + structure) whose mask is not the imported one. */
function changedLabels(reader: ProjectReader, table: LabelTable): Set<number> {
  const indexOf = new Map(table.cases.map((id, index) => [id, index]));
  const { structures } = reader;
  return new Set(
    reader.changedLabels().map(({ case: id, structure }) => {
      const s = structures.findIndex(({ name }) => name === structure);
      return (indexOf.get(id) ?? 0) * structures.length + s;
    }),
  );
}

/**
 * Estimates the errors left in a project whose labels are ranked. A flagged label counts neither as open nor
 * as judged.
 */
export function leftOf(reader: ProjectReader, ground: Ground): Left {
  const { table, order, model, changed } = ground;
  const { cells, cases } = table;
  const structures = reader.structures.length;
  const scores = scoresOf(order, cells.length, structures);
  putBack(reader, ground, scores);
  const kinds = new Map<number, BlindVerdict>();
  if (ground.blind.length > 0) {
    const indexOf = new Map(cases.map((id, index) => [id, index]));
    for (const given of ground.blind) {
      const s = reader.structures.findIndex(({ name }) => name === given.structure);
      kinds.set((indexOf.get(given.case) ?? 0) * structures + s, given);
    }
  }
  let found = 0;
  function* labels(): Generator<JudgedLabel> {
    for (let label = 0; label < cells.length; label += 1) {
      const verdict = verdictOfCell(cells[label]);
      const error = isErrorFound({
        state: verdict === undefined ? 'absent' : 'drawn',
        verdict: verdict ?? null,
        changed: changed.has(label),
      });
      if (error) found += 1;
      if (verdict === undefined || verdict === 'flagged') continue;
      const z = Number.isNaN(scores[label]) ? null : scores[label];
      const given = verdict === null ? undefined : kinds.get(label);
      yield {
        z,
        error: verdict === null ? null : error,
        // In a blind check, any verdict but accepted says that the label is wrong.
        blind: given ? { kind: given.kind, error: given.verdict !== 'accepted' } : null,
      };
    }
  }
  const estimate = estimateLeft(labels());
  return { model, found, ...estimate };
}

/**
 * Reads a project and estimates the errors left in it.
 * @throws UserError when the project has no scores, or the model `options.model` has none.
 */
export function leftOfProject(reader: ProjectReader, options: { model?: string } = {}): Left {
  const model = rankingModel(reader, options.model);
  const table = reader.labelTable();
  const { order } = projectRanking(reader, table, { by: 'combined', model }).label;
  const changed = changedLabels(reader, table);
  return leftOf(reader, { model, table, order, changed, blind: new VerdictLog(reader).blind() });
}
