/**
 * Computes the rows of the tables from the results: the dice on the clean test cases with and without the
 * QAM, and how well each measure finds the damaged labels. Cells that differ only in the seed share a row
 * with the mean and the range.
 */
import type { RankPer } from '../contract/terms.ts';
import { grouped } from '../../models/groups.ts';
import { mean } from '../../models/statistics.ts';
import { ERROR_LEVELS } from '../ranking/error-dice.ts';
import type { ExpectedFigures } from './expected.ts';
import { USUAL, baseOf, cellName } from './grid.ts';
import type { CellSpec } from './grid.ts';
import type { MethodName } from './methods.ts';
import { isDiscs, noiseName, noiseWords } from './noise.ts';
import type { NoiseSpec } from './noise.ts';
import type { ResultLine } from './results.ts';
import { Measure } from './rivals.ts';

/** The values of cells that differ only in the seed: their mean, range and number. */
export interface SeedSpread {
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly seeds: number;
}

export function spreadOf(values: readonly (number | null | undefined)[]): SeedSpread | null {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length === 0) return null;
  return {
    mean: mean(known),
    lowest: Math.min(...known),
    highest: Math.max(...known),
    seeds: known.length,
  };
}

/** Cells that differ only in the seed. */
export interface Group {
  readonly noise: string;
  readonly method: MethodName;
  readonly spec: CellSpec;
  readonly lines: readonly ResultLine[];
}

/**
 * Sorts noises: first no noise, then discs (small radii before large ones), then all others by kind. Of
 * the same kind or radii, a small share comes before a large one.
 */
function noiseOrder(a: NoiseSpec, b: NoiseSpec): number {
  const discs = Number(isDiscs(b)) - Number(isDiscs(a));
  const radii = isDiscs(a) && isDiscs(b) ? a.to - b.to || a.mode.localeCompare(b.mode) : 0;
  const kinds = isDiscs(a) || isDiscs(b) ? 0 : a.kind.localeCompare(b.kind);
  return (
    Math.sign(a.share) - Math.sign(b.share) ||
    discs ||
    radii ||
    kinds ||
    a.share - b.share ||
    noiseName(a).localeCompare(noiseName(b))
  );
}

function order(a: CellSpec, b: CellSpec): number {
  return (
    noiseOrder(a.noise, b.noise) || a.size - b.size || a.epochs - b.epochs || a.batch - b.batch
  );
}

/** Groups the cells that differ only in the seed. Leaves corrected cells out (see `correctionRows`). */
export function groupsOf(results: Iterable<ResultLine>): Group[] {
  const plain = [...results].filter(({ cell }) => !cell.correct);
  return grouped(plain, ({ cell }) => cellName({ ...cell, seed: 0 }))
    .map((lines): Group => {
      const spec = lines[0].cell;
      return { noise: conditions(spec, lines), method: spec.method, spec, lines };
    })
    .sort((a, b) => order(a.spec, b.spec) || a.method.localeCompare(b.method));
}

/** Describes in words the conditions that all methods of a row share. */
function conditions(spec: CellSpec, lines: readonly ResultLine[]): string {
  const { size, epochs, batch, cases } = spec;
  const usual = size === USUAL.size && epochs === USUAL.epochs && batch === USUAL.batch;
  const many = cases === undefined ? '' : `, ${cases} cases`;
  const how = usual ? many : `${many} (${size} px, ${epochs} epochs, batch ${batch})`;
  return `${lines[0].dataset}, ${noiseWords(spec.noise)}${how}`;
}

/** Returns a function that reads a measure's AUROC from a cell's result, or null if it is not there. */
export const aurocOf =
  (by: Measure, per: RankPer) =>
  ({ result }: ResultLine): number | null =>
    result.evaluations.find((one) => one.by === by && one.per === per)?.auroc ?? null;

/** The number of cells whose training collapsed. */
export const collapsedIn = (lines: readonly ResultLine[]): number =>
  lines.filter(({ result }) => result.collapse?.collapsed === true).length;

export interface DiceRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly structures: readonly string[];
  readonly perStructure: readonly (SeedSpread | null)[];
  readonly mean: SeedSpread | null;
  readonly collapsed: number;
}

/** The rows of the table of dice on the clean test cases, as in the table of the Pick-and-Learn paper. */
export function diceRows(groups: readonly Group[]): DiceRow[] {
  return groups.map(({ noise, method, lines }) => {
    const { structures } = lines[0].result;
    return {
      noise,
      method,
      structures,
      perStructure: structures.map((_, s) =>
        spreadOf(lines.map(({ result }) => result.testDice?.[s])),
      ),
      mean: spreadOf(lines.map(({ result }) => result.meanTestDice)),
      collapsed: collapsedIn(lines),
    };
  });
}

/**
 * About some labels: their number, the mean error of the expected dice, and the share of labels whose true
 * dice lies in the interval of the expected dice.
 */
interface ExpectedGroup {
  readonly labels: SeedSpread | null;
  readonly error: SeedSpread | null;
  readonly covered: SeedSpread | null;
}

export interface ExpectedRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly all: ExpectedGroup;
  /** The labels whose true dice is below the reader noise (`errorDice`). */
  readonly wrong: ExpectedGroup;
  /**
   * The labels whose true dice is below the highest of `ERROR_LEVELS`; all null if only earlier versions
   * made the results.
   */
  readonly below: ExpectedGroup;
}

/** The rows of the table of expected dice. A group without an expected dice gets no row. */
export function expectedRows(groups: readonly Group[]): ExpectedRow[] {
  return groups.flatMap(({ noise, method, lines }) => {
    const found = lines.flatMap(({ result }) => (result.expected ? [result.expected] : []));
    if (found.length === 0) return [];
    const of = (groups: readonly (ExpectedFigures['all'] | undefined)[]): ExpectedGroup => ({
      labels: spreadOf(groups.map((one) => one?.labels)),
      error: spreadOf(groups.map((one) => one?.error)),
      covered: spreadOf(groups.map((one) => one?.covered)),
    });
    const [highest] = ERROR_LEVELS;
    return [
      {
        noise,
        method,
        all: of(found.map(({ all }) => all)),
        wrong: of(found.map(({ wrong }) => wrong)),
        below: of(found.map(({ levels }) => levels?.find(({ below }) => below === highest))),
      },
    ];
  });
}

export interface RankRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly by: Measure;
  readonly per: RankPer;
  readonly auroc: SeedSpread | null;
  readonly auprc: SeedSpread | null;
  readonly lift: readonly { readonly share: number; readonly lift: SeedSpread | null }[];
  readonly spearman: SeedSpread | null;
}

/** The rows of the ranking table: one for each group with damaged labels and each measure that it has. */
export function rankRows(groups: readonly Group[], per: RankPer): RankRow[] {
  return groups.flatMap(({ noise, method, lines }) =>
    Measure.options.flatMap((by): RankRow[] => {
      const found = lines.flatMap(({ result }) =>
        result.evaluations.filter((one) => one.by === by && one.per === per && one.errors > 0),
      );
      if (found.length === 0) return [];
      return [
        {
          noise,
          method,
          by,
          per,
          auroc: spreadOf(found.map(({ auroc }) => auroc)),
          auprc: spreadOf(found.map(({ auprc }) => auprc)),
          lift: found[0].lift.map(({ share }, i) => ({
            share,
            lift: spreadOf(found.map(({ lift }) => lift[i].lift)),
          })),
          spearman: spreadOf(found.map(({ spearman }) => spearman)),
        },
      ];
    }),
  );
}

export interface LevelRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly by: Measure;
  /** One entry for each of `ERROR_LEVELS`; its figures are null if there is no error at this level. */
  readonly case: readonly FoundRow[];
  readonly label: readonly FoundRow[];
}

/**
 * The rows of the table of error thresholds (`ERROR_LEVELS`): one for each group and measure, if there is
 * an error at one of the thresholds.
 */
export function levelRows(groups: readonly Group[]): LevelRow[] {
  return groups.flatMap(({ noise, method, lines }) =>
    Measure.options.flatMap((by): LevelRow[] => {
      const of = (per: RankPer): FoundRow[] => {
        const own = lines.flatMap(({ result }) =>
          result.evaluations
            .filter((one) => one.by === by && one.per === per)
            .flatMap(({ levels }) => levels ?? []),
        );
        return ERROR_LEVELS.map((level) => {
          const found = own.filter(({ below, errors }) => below === level && errors > 0);
          return {
            errors: spreadOf(found.map(({ errors }) => errors)),
            auroc: spreadOf(found.map(({ auroc }) => auroc)),
          };
        });
      };
      const row = { noise, method, by, case: of('case'), label: of('label') };
      return [...row.case, ...row.label].some(({ errors }) => errors !== null) ? [row] : [];
    }),
  );
}

/** The number of wrong labels or cases, and the AUROC of finding them: each is a spread over the seeds. */
interface FoundRow {
  readonly errors: SeedSpread | null;
  readonly auroc: SeedSpread | null;
}

export interface KindRow {
  readonly noise: string;
  readonly method: MethodName;
  readonly kind: string;
  readonly by: Measure;
  readonly case: { readonly all: FoundRow; readonly gross: FoundRow };
  readonly label: { readonly all: FoundRow; readonly gross: FoundRow };
}

/** The rows of the table of the kinds of damage: one for each group, kind and measure. */
export function kindRows(groups: readonly Group[]): KindRow[] {
  return groups.flatMap(({ noise, method, lines }) => {
    const found = lines.flatMap(({ result }) => result.kinds ?? []);
    const kinds = [...new Set(found.map(({ kind }) => kind))];
    return kinds.flatMap((kind) =>
      Measure.options.flatMap((by): KindRow[] => {
        const own = found.filter((one) => one.kind === kind && one.by === by);
        if (own.length === 0) return [];
        const row = (per: RankPer, which: 'all' | 'gross'): FoundRow => {
          const of = own.filter((one) => one.per === per).map((one) => one[which]);
          return {
            errors: spreadOf(of.map(({ errors }) => errors)),
            auroc: spreadOf(of.map(({ auroc }) => auroc)),
          };
        };
        const both = (per: RankPer) => ({ all: row(per, 'all'), gross: row(per, 'gross') });
        return [{ noise, method, kind, by, case: both('case'), label: both('label') }];
      }),
    );
  });
}

export interface CorrectionRow {
  readonly noise: string;
  readonly method: MethodName;
  /** The order of the corrections; `–` for the cell without corrections. */
  readonly order: string;
  readonly corrected: number;
  readonly found: SeedSpread | null;
  readonly left: SeedSpread | null;
  readonly dice: SeedSpread | null;
  readonly auroc: SeedSpread | null;
}

/**
 * The rows of the table of corrections. For each group: first a row without corrections, then a row for
 * each order and number of corrected cases.
 */
export function correctionRows(results: readonly ResultLine[]): CorrectionRow[] {
  const corrected = results.filter(({ cell }) => cell.correct);
  const bases = new Set(corrected.map(({ cell }) => cellName({ ...baseOf(cell), seed: 0 })));
  return groupsOf(results).flatMap(({ noise, method, spec, lines }) => {
    const name = cellName({ ...spec, seed: 0 });
    if (!bases.has(name)) return [];
    const own = corrected.filter(({ cell }) => cellName({ ...baseOf(cell), seed: 0 }) === name);
    const row = (of: readonly ResultLine[]): CorrectionRow => ({
      noise,
      method,
      order: of[0].cell.correct?.order ?? '–',
      corrected: of[0].cell.correct?.cases ?? 0,
      found: spreadOf(of.map(({ result }) => result.found ?? 0)),
      left: spreadOf(of.map(({ result }) => result.damaged)),
      dice: spreadOf(of.map(({ result }) => result.meanTestDice)),
      auroc: spreadOf(of.map(aurocOf('combined', 'case'))),
    });
    const steps = grouped(own, ({ cell }) => JSON.stringify(cell.correct)).map(row);
    const after = steps.sort((a, b) =>
      a.order === b.order ? a.corrected - b.corrected : a.order < b.order ? -1 : 1,
    );
    // The row without corrections has only the seeds that were also run with corrections.
    const seeds = new Set(own.map(({ cell }) => cell.seed));
    return [row(lines.filter(({ cell }) => seeds.has(cell.seed))), ...after];
  });
}
