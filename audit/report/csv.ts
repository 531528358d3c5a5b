/** A ranking as CSV (RFC 4180): one line for each label or case, worst first. */
import { NUMBER_COLUMNS } from '../contract/ranked.ts';
import type { RankEntry, RankNumber } from '../contract/terms.ts';
import { csvField } from './escape.ts';

const columnsOf = (number: RankNumber): string[] => [
  'rank',
  'case',
  'structure',
  NUMBER_COLUMNS[number],
  'percentile',
  'verdict',
  'previous_rank',
  'expected_low',
  'expected_high',
  'dice',
  'boundary_px',
  'boundary_off',
  'area_ratio',
  'learned',
  'softmin',
  'kind',
];

/** A number with six significant digits; empty for null. */
function text(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  return String(Number(value.toPrecision(6)));
}

/**
 * The header and a line for each entry; lines end with CR LF. A ranking of cases leaves `expected_low` and
 * all columns after it empty. A label without an expected dice leaves `expected_low` and `expected_high`
 * empty.
 * Lengths are in pixels of the label's own resolution.
 * @param number what the scores are; the score column is named after it
 */
export function rankingCsv(entries: readonly RankEntry[], number: RankNumber): string {
  const lines = entries.map((entry) => {
    const reasons = entry.structure === null ? undefined : entry.reasons[0];
    return [
      entry.rank,
      csvField(entry.case),
      csvField(entry.structure),
      text(entry.score),
      text(entry.percentile),
      entry.verdict ?? '',
      text(entry.previousRank),
      text(reasons?.expected?.low),
      text(reasons?.expected?.high),
      text(reasons?.dice),
      text(reasons?.boundary),
      text(reasons?.boundaryOff),
      text(reasons?.areaRatio),
      text(reasons?.learned),
      text(reasons?.softmin),
      reasons?.kind ?? '',
    ].join(',');
  });
  return [columnsOf(number).join(','), ...lines, ''].join('\r\n');
}
