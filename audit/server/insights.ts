/** Counts of what was judged, how the scores spread, and how fast errors were found. */
import type { Insights } from '../contract/api.ts';
import type { CaseSummary, Verdict } from '../contract/terms.ts';
import type { ProjectReader } from '../store/types.ts';
import { labelKey } from './rankings.ts';
import type { Ranking } from './rankings.ts';

type Counts = Insights['labels'];

const PAGE = 2000;
/** Points of the curve that are sent at most. */
const POINTS = 500;
const BINS = 44;

const none = (): Counts => ({
  total: 0,
  open: 0,
  accepted: 0,
  fixed: 0,
  excluded: 0,
  flagged: 0,
});

function count(counts: Counts, verdict: Verdict | null): void {
  counts.total += 1;
  counts[verdict ?? 'open'] += 1;
}

/** A label that a person did not accept as it was. */
export const isError = (verdict: Verdict | null): boolean =>
  verdict !== null && verdict !== 'accepted';

/** Equal bins from the lowest to the highest score, all together and by verdict. */
export function histogram(
  scores: readonly { readonly score: number; readonly verdict: Verdict | null }[],
  bins = BINS,
): Insights['histogram'] {
  const used = scores.length === 0 ? 0 : bins;
  const empty = (): number[] => new Array<number>(used).fill(0);
  const counts = empty();
  const verdicts = {
    open: empty(),
    accepted: empty(),
    fixed: empty(),
    excluded: empty(),
    flagged: empty(),
  };
  if (scores.length === 0) return { low: 0, high: 0, counts, verdicts };
  let low = Infinity;
  let high = -Infinity;
  for (const { score } of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  for (const { score, verdict } of scores) {
    const share = high > low ? (score - low) / (high - low) : 0;
    const bin = Math.min(bins - 1, Math.floor(share * bins));
    counts[bin] += 1;
    verdicts[verdict ?? 'open'][bin] += 1;
  }
  return { low, high, counts, verdicts };
}

/** Labels in the order in which they were first judged, by the audit log. */
function* firstJudged(project: ProjectReader): Generator<string> {
  const seen = new Set<string>();
  for (let after = 0; ;) {
    const rows = project.auditLog({ after, limit: 1000 });
    for (const row of rows) {
      after = row.sequence;
      if (row.action !== 'verdict') continue;
      const detail = row.detail as { case?: string; labels?: { structure: string }[] };
      for (const { structure } of detail.labels ?? []) {
        const key = labelKey(detail.case ?? '', structure);
        if (!seen.has(key)) yield key;
        seen.add(key);
      }
    }
    if (rows.length < 1000) return;
  }
}

function thinned<Point>(points: readonly Point[]): Point[] {
  if (points.length <= POINTS) return [...points];
  const step = (points.length - 1) / (POINTS - 1);
  return Array.from({ length: POINTS }, (_, i) => points[Math.round(i * step)]);
}

/** @param structure the histogram is of its labels alone */
export function insights(
  project: ProjectReader,
  ranking: Ranking | null,
  structure?: string,
): Insights {
  const cases = none();
  const labels = none();
  const structures = new Map(project.structures.map(({ name }) => [name, none()]));
  const annotators = new Map<string, Counts>();
  const judged = new Map<string, Verdict>();
  const verdictOf = new Map<string, Verdict | null>();
  const add = (summary: CaseSummary): void => {
    count(cases, summary.verdict);
    verdictOf.set(labelKey(summary.id, null), summary.verdict);
    for (const label of summary.labels) {
      if (label.state === 'absent') continue;
      count(labels, label.verdict);
      count(structures.get(label.structure) ?? none(), label.verdict);
      const key = labelKey(summary.id, label.structure);
      verdictOf.set(key, label.verdict);
      if (label.verdict !== null) judged.set(key, label.verdict);
      if (summary.annotator === null) continue;
      const counts = annotators.get(summary.annotator) ?? none();
      annotators.set(summary.annotator, counts);
      count(counts, label.verdict);
    }
  };
  for (let offset = 0; ; offset += PAGE) {
    const page = project.cases({ offset, limit: PAGE });
    page.forEach(add);
    if (page.length < PAGE) break;
  }
  const curve: Insights['curve'] = [{ reviewed: 0, found: 0 }];
  for (const key of firstJudged(project)) {
    const verdict = judged.get(key);
    if (verdict === undefined) continue;
    const last = curve[curve.length - 1];
    curve.push({
      reviewed: last.reviewed + 1,
      found: last.found + (isError(verdict) ? 1 : 0),
    });
  }
  return {
    cases,
    labels,
    structures: [...structures].map(([name, counts]) => ({ structure: name, ...counts })),
    annotators: [...annotators].map(([annotator, counts]) => ({ annotator, ...counts })),
    histogram: histogram(
      (ranking?.entries ?? [])
        .filter((entry) => structure === undefined || entry.structure === structure)
        .map((entry) => ({
          score: entry.score,
          // The verdict of now, which may be newer than the ranking.
          verdict: verdictOf.get(labelKey(entry.case, entry.structure)) ?? null,
        })),
    ),
    curve: thinned(curve),
  };
}
