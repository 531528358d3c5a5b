/** A ranking as CSV (RFC 4180): one line for each label or case, worst first. */
import type { RankEntry } from '../contract/terms.ts';
import { csvText } from './escape.ts';

const COLUMNS = [
  'rank',
  'case',
  'structure',
  'score',
  'percentile',
  'verdict',
  'previous_rank',
  'expected_dice',
  'expected_low',
  'expected_high',
  'dice',
  'boundary_px',
  'boundary_off',
  'area_ratio',
  'area_z',
  'learned',
  'softmin',
] as const;

/** A number with six significant digits; empty for null. */
function number(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  return String(Number(value.toPrecision(6)));
}

/**
 * The header and a line for each entry, with CR LF. A ranking of cases leaves `expected_dice` and all
 * columns after it empty. Lengths are in pixels of the label's own resolution.
 */
export function rankingCsv(entries: readonly RankEntry[]): string {
  const lines = entries.map((entry) => {
    const reasons = entry.structure === null ? undefined : entry.reasons[0];
    return [
      entry.rank,
      csvText(entry.case),
      csvText(entry.structure ?? ''),
      number(entry.score),
      number(entry.percentile),
      entry.verdict ?? '',
      number(entry.previousRank),
      number(reasons?.expected?.dice),
      number(reasons?.expected?.low),
      number(reasons?.expected?.high),
      number(reasons?.dice),
      number(reasons?.boundary),
      number(reasons?.boundaryOff),
      number(reasons?.areaRatio),
      number(reasons?.areaZ),
      number(reasons?.learned),
      number(reasons?.softmin),
    ].join(',');
  });
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}
