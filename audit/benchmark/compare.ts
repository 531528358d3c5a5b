/**
 * Compares methods on the same noise, paired by the seeds that both methods have: the combined score with
 * its best rival, the segmenter trained with and without the QAM, and the default with its variants.
 */
import type { RankPer } from '../contract/terms.ts';
import { grouped } from '../../models/groups.ts';
import { hasQam } from './methods.ts';
import type { MethodName } from './methods.ts';
import type { ResultLine } from './results.ts';
import { Measure } from './rivals.ts';
import { aurocOf, collapsedIn, spreadOf } from './summary.ts';
import type { Group, SeedSpread } from './summary.ts';

/** The method that all other methods are compared with. */
const DEFAULT: MethodName = 'overread';
const ALONE: MethodName = 'no-qam';

/** Overread's own measures, which are not rivals. */
const OWN: readonly Measure[] = ['combined', 'learned'];

type BySeed = ReadonlyMap<number, number>;

function bySeed(group: Group | undefined, valueOf: (line: ResultLine) => number | null): BySeed {
  const found = (group?.lines ?? []).flatMap((line): [number, number][] => {
    const value = valueOf(line);
    return value === null ? [] : [[line.cell.seed, value]];
  });
  return new Map(found);
}

const meanDice = ({ result }: ResultLine): number | null => result.meanTestDice;

/** Two series of values, of two methods or two measures, for the seeds that both series have. */
interface Pair {
  readonly first: SeedSpread;
  readonly second: SeedSpread;
  /** For each seed, the first value minus the second. */
  readonly difference: SeedSpread;
}

function paired(first: BySeed, second: BySeed): Pair | null {
  const seeds = [...first.keys()].filter((seed) => second.has(seed));
  const of = (values: BySeed): number[] => seeds.map((seed) => values.get(seed) ?? Number.NaN);
  const [a, b] = [of(first), of(second)];
  const spreads = [spreadOf(a), spreadOf(b), spreadOf(a.map((value, i) => value - b[i]))];
  const [one, two, difference] = spreads;
  return one && two && difference ? { first: one, second: two, difference } : null;
}

/** Joins the groups that differ only in the method: they become one row of a table. */
const rowsOf = (groups: readonly Group[]): Group[][] => grouped(groups, ({ noise }) => noise);

const byMethod = (row: readonly Group[], name: MethodName): Group | undefined =>
  row.find(({ method }) => method === name);

export interface FoundRow {
  readonly noise: string;
  readonly combined: SeedSpread;
  readonly learned: SeedSpread | null;
  /**
   * The rival with the smallest mean of the combined score's AUROC minus its own, over the seeds that both
   * have; null if no rival has a seed in common with the combined score.
   */
  readonly rival: (Pair & { readonly by: Measure }) | null;
}

/** The AUROC of the default method's combined score, beside the AUROC of its strongest rival. */
export function foundRows(groups: readonly Group[], per: RankPer): FoundRow[] {
  return rowsOf(groups).flatMap((row): FoundRow[] => {
    const [{ noise }] = row;
    const own = byMethod(row, DEFAULT);
    const combined = bySeed(own, aurocOf('combined', per));
    const spread = spreadOf([...combined.values()]);
    if (!own || !spread) return [];
    const rivals = Measure.options
      .filter((by) => !OWN.includes(by))
      .flatMap((by) => {
        // The cross-fitted measures are in the cells of the method `cross-fit`.
        const source = by.startsWith('cross-fitted') ? byMethod(row, 'cross-fit') : own;
        const pair = paired(combined, bySeed(source, aurocOf(by, per)));
        return pair ? [{ ...pair, by }] : [];
      })
      .sort((a, b) => a.difference.mean - b.difference.mean);
    const learned = spreadOf([...bySeed(own, aurocOf('learned', per)).values()]);
    return [{ noise, combined: spread, learned, rival: rivals.at(0) ?? null }];
  });
}

export interface AverageRow {
  readonly by: Measure;
  /**
   * The spread over the rows of a table: each row has one value, the mean over its seeds. `seeds` is here
   * the number of rows.
   */
  readonly perCase: SeedSpread;
  readonly perLabel: SeedSpread;
}

/**
 * The AUROC of each measure, averaged over the rows of the default method that have damaged cases. A
 * measure that one of these rows lacks is left out. The best measure comes first.
 */
export function averageRows(groups: readonly Group[]): AverageRow[] {
  const own = rowsOf(groups)
    .flatMap((row) => byMethod(row, DEFAULT) ?? [])
    .filter(({ lines }) => lines.some((line) => aurocOf('combined', 'case')(line) !== null));
  const over = (by: Measure, per: RankPer): SeedSpread | null => {
    const means = own.map(({ lines }) => spreadOf(lines.map(aurocOf(by, per)))?.mean);
    return means.includes(undefined) ? null : spreadOf(means);
  };
  if (own.length < 2) return [];
  return Measure.options
    .flatMap((by): AverageRow[] => {
      const [perCase, perLabel] = [over(by, 'case'), over(by, 'label')];
      return perCase && perLabel ? [{ by, perCase, perLabel }] : [];
    })
    .sort((a, b) => b.perLabel.mean - a.perLabel.mean);
}

export interface GainRow extends Pair {
  readonly noise: string;
}

/** The dice on the clean test cases: the default method's, beside that of the segmenter without a QAM. */
export function gainRows(groups: readonly Group[]): GainRow[] {
  return rowsOf(groups).flatMap((row) => {
    const of = (name: MethodName): BySeed => bySeed(byMethod(row, name), meanDice);
    const pair = paired(of(DEFAULT), of(ALONE));
    return pair ? [{ noise: row[0].noise, ...pair }] : [];
  });
}

export interface VariantRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly learned: SeedSpread | null;
  readonly combined: SeedSpread | null;
  readonly dice: SeedSpread | null;
  /** For each seed, the variant's value minus the default's; null for the default itself. */
  readonly learnedChange: SeedSpread | null;
  readonly diceChange: SeedSpread | null;
  readonly collapsed: number;
}

/** Compares each variant that has a QAM with the default on the same noise; the default comes first. */
export function variantRows(groups: readonly Group[]): VariantRow[] {
  return rowsOf(groups).flatMap((row): VariantRow[] => {
    const own = byMethod(row, DEFAULT);
    const others = row.filter((group) => hasQam(group.method) && group !== own);
    if (!own || others.length === 0) return [];
    const learned = aurocOf('learned', 'case');
    const change = (group: Group, value: typeof learned): SeedSpread | null =>
      group === own ? null : (paired(bySeed(group, value), bySeed(own, value))?.difference ?? null);
    return [own, ...others].map((group) => ({
      noise: group.noise,
      method: group.method,
      learned: spreadOf(group.lines.map(learned)),
      combined: spreadOf(group.lines.map(aurocOf('combined', 'case'))),
      dice: spreadOf(group.lines.map(meanDice)),
      learnedChange: change(group, learned),
      diceChange: change(group, meanDice),
      collapsed: collapsedIn(group.lines),
    }));
  });
}
