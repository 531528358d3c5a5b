/** The review in numbers: counts of verdicts, a histogram of scores, and errors found over time. */
import type { Insights, RankedBy } from '../../contract/api.ts';
import type { Verdict } from '../../contract/terms.ts';
import type { VerdictLog } from '../../review/verdict-log.ts';
import type { Labels } from './labels.ts';
import type { Ranking } from '../../ranking/ranking.ts';

type Counts = Insights['labels'];

/** At most this many points of the curve are sent. */
const POINTS = 500;
const BINS = 44;

const zeroCounts = (): Counts => ({
  total: 0,
  found: 0,
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

/** Counts the scores in equal bins from the lowest to the highest score: all of them, and by verdict. */
function histogram(
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

/** At most `POINTS` points, evenly spaced, the first and last included. */
function thinned<Point>(points: readonly Point[]): Point[] {
  if (points.length <= POINTS) return [...points];
  const step = (points.length - 1) / (POINTS - 1);
  return Array.from({ length: POINTS }, (_, i) => points[Math.round(i * step)]);
}

/**
 * A curve of the errors found over the labels reviewed, in the order of the labels' first verdicts. A
 * removed label counts as reviewed; a label that was removed without a verdict comes last. So the last
 * point is the number of all errors found.
 */
function foundCurve(labels: Labels, judged: VerdictLog): Insights['curve'] {
  const curve: Insights['curve'] = [{ reviewed: 0, found: 0 }];
  const add = (isFound: boolean): void => {
    const last = curve[curve.length - 1];
    curve.push({ reviewed: last.reviewed + 1, found: last.found + (isFound ? 1 : 0) });
  };
  for (const { case: id, structure } of judged.list()) {
    const [index, s] = [labels.indexOf(id), labels.structureOf(structure)];
    if (index < 0 || s < 0) continue;
    const [verdict, isFound] = [labels.verdict(index, s), labels.isErrorFound(index, s)];
    // Skips labels whose verdict was taken back, and absent labels that were absent at the import, too.
    if (verdict === null || (verdict === undefined && !isFound)) continue;
    add(isFound);
  }
  for (let index = 0; index < labels.size; index += 1) {
    labels.structures.forEach(({ name }, s) => {
      const isRemoved = labels.verdict(index, s) === undefined && labels.isErrorFound(index, s);
      if (isRemoved && judged.firstAt(labels.id(index), name) === undefined) add(true);
    });
  }
  return thinned(curve);
}

/** Which values a histogram counts. */
export interface HistogramQuery {
  readonly per: 'case' | 'label';
  /** Only labels of this structure; a histogram by case is then empty. */
  readonly structure?: string | undefined;
}

/** The values that a histogram counts, each with the current verdict. */
function scoresOf(labels: Labels, ranking: Ranking, { structure, per }: HistogramQuery) {
  const wanted = structure === undefined ? -1 : labels.structureOf(structure);
  const { cases, structures, scores } = ranking.order;
  const found: { score: number; verdict: Verdict | null }[] = [];
  for (let row = 0; row < scores.length; row += 1) {
    if (per === 'case') {
      if (structure !== undefined) continue;
      found.push({ score: scores[row], verdict: labels.caseVerdict(cases[row]) });
    } else if (structure === undefined || structures[row] === wanted) {
      const verdict = labels.verdict(cases[row], structures[row]) ?? null;
      found.push({ score: scores[row], verdict });
    }
  }
  return found;
}

/**
 * @param ranking null if nothing was scored yet: then the histogram is empty
 * @param ranked what is said about the ranking as a whole; null without a ranking
 */
export function insights(
  labels: Labels,
  judged: VerdictLog,
  ranking: Ranking | null,
  ranked: RankedBy | null,
  query: HistogramQuery,
): Insights {
  const ofCases = zeroCounts();
  const ofLabels = zeroCounts();
  const ofStructures = labels.structures.map(({ name }) => ({ structure: name, ...zeroCounts() }));
  const annotators = new Map<string, Counts>();
  for (let index = 0; index < labels.size; index += 1) {
    count(ofCases, labels.caseVerdict(index));
    const annotator = labels.annotator(index);
    const own = annotator === null ? null : (annotators.get(annotator) ?? zeroCounts());
    if (annotator !== null && own) annotators.set(annotator, own);
    let foundInCase = false;
    for (let s = 0; s < ofStructures.length; s += 1) {
      if (labels.isErrorFound(index, s)) {
        foundInCase = true;
        ofLabels.found += 1;
        ofStructures[s].found += 1;
        if (own) own.found += 1;
      }
      const verdict = labels.verdict(index, s);
      if (verdict === undefined) continue;
      count(ofLabels, verdict);
      count(ofStructures[s], verdict);
      if (own) count(own, verdict);
    }
    if (foundInCase) ofCases.found += 1;
  }
  return {
    cases: ofCases,
    labels: ofLabels,
    structures: ofStructures,
    annotators: [...annotators].map(([annotator, counts]) => ({ annotator, ...counts })),
    ranked,
    histogram: histogram(ranking ? scoresOf(labels, ranking, query) : []),
    curve: foundCurve(labels, judged),
  };
}
