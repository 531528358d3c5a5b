/** One row of the queue as the interface shows it. */
import { hasBlindChecks } from '../../contract/api.ts';
import type { CasesQuery, QueueEntry } from '../../contract/api.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import { expectedDice } from '../../ranking/calibration.ts';
import type { LabelScore, ProjectReader } from '../../store/types.ts';
import { pictureVersion } from '../pictures/picture-version.ts';
import type { BlindChecks } from './blind.ts';
import type { Labels } from './labels.ts';
import { rowStructure, rowVerdict } from './queue-rows.ts';
import type { Rows } from './queue-rows.ts';
import type { Rankings } from './rankings.ts';
import type { z } from 'zod';

/** The parts of an open project from which an entry is made. */
export interface QueueSources {
  readonly project: ProjectReader;
  readonly labels: Labels;
  readonly rankings: Rankings;
  readonly blind: BlindChecks;
}

/**
 * @param summary the row's case
 * @param scores the case's scores by the model that ranks, or null if there is no such model
 */
export function queueEntry(
  { labels, rankings, blind }: QueueSources,
  query: z.output<typeof CasesQuery>,
  rows: Rows,
  row: number,
  summary: CaseSummary,
  scores: readonly LabelScore[] | null,
): QueueEntry {
  const { ranking } = rows;
  const { structures } = labels;
  const nameOf = (index: number): string | null => (index < 0 ? null : structures[index].name);
  const structure = nameOf(rows.structures[row]);
  const isRanked = ranking !== null && row < ranking.length;
  const isBlind = isRanked && hasBlindChecks(query) && blind.isBlind(ranking, query.per, row);
  const place = isRanked && !isBlind ? ranking.at(row) : null;
  const worst = isBlind ? null : nameOf(rowStructure(rows, row));
  const score = place && scores?.find((candidate) => candidate.structure === structure);
  return {
    case: summary.id,
    structure,
    rank: place?.rank ?? null,
    score: place?.score ?? null,
    number: place?.number ?? null,
    percentile: place?.percentile ?? null,
    previousRank: place?.previousRank ?? null,
    verdict: rowVerdict(labels, rows, row),
    blind: isBlind,
    expected: ranking && score ? expectedDice(rankings.calibration(ranking.model), score) : null,
    stale: isStale(summary, structure, scores),
    worst,
    width: summary.width,
    height: summary.height,
    labels: summary.labels.map((label) => ({
      structure: label.structure,
      state: label.state,
      verdict: label.verdict,
    })),
    version: pictureVersion(summary, structures),
  };
}

/**
 * Whether the label of `structure` was changed after it was scored. If `structure` is null: whether any label
 * of the case was.
 * @param scores the case's scores by the model that ranks, or null if there is no such model
 */
export function isStale(
  summary: CaseSummary,
  structure: string | null,
  scores: readonly LabelScore[] | null,
): boolean {
  return summary.labels.some((label) => {
    if (structure !== null && label.structure !== structure) return false;
    const scored = scores?.find((score) => score.structure === label.structure);
    return scored !== undefined && scored.mask !== label.mask;
  });
}
