/**
 * Measures how well each kind of damage is found. Labels (or cases) with this kind of damage are compared
 * with clean labels (or cases). Labels and cases that have only other kinds are left out.
 */
import { z } from 'zod';
import { RankPer } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import type { Truth } from '../ranking/evaluate.ts';
import type { NoiseEntry } from './noise.ts';
import { Measure } from './rivals.ts';
import type { MeasureFigures } from './rivals.ts';

/** Below this dice with the true mask, everybody would call a label wrong. */
export const GROSS_DICE = 0.85;

/** The name that stands for all kinds of damage together. */
const ANY_KIND = 'any';

/** The measures that are compared for each kind. */
const MEASURES: readonly Measure[] = [
  'combined',
  'learned',
  'disagreement',
  'softmin',
  'cross-fitted-disagreement',
  'cross-fitted-softmin',
];

const Found = z.object({ errors: z.number().int(), auroc: z.number().nullable() });

export const KindFigures = z.object({
  /** A kind of damage as in `noise.json`, or `any`. */
  kind: z.string(),
  by: Measure,
  per: RankPer,
  all: Found,
  /**
   * Counts only damaged labels whose dice is below `GROSS_DICE`. A case counts by the lowest dice of its
   * labels with this kind of damage.
   */
  gross: Found,
});
export type KindFigures = z.infer<typeof KindFigures>;

/** The damage to each label, and the dice of the damaged label with its true mask. */
export class Damage {
  readonly #kinds = new Map<string, string>();
  readonly #dice: ReadonlyMap<string, number>;
  readonly #left: (id: string) => boolean;
  readonly #byCase = new Map<string, { kind: string; dice: number }[]>();

  /**
   * @param dice the dice of each training label with its true mask, by the label's key
   * @param left says whether a case counts; a case that was corrected in the experiment does not count
   */
  constructor(
    plan: readonly NoiseEntry[],
    dice: ReadonlyMap<string, number>,
    left: (id: string) => boolean = () => true,
  ) {
    this.#dice = dice;
    this.#left = left;
    for (const { case: id, structure, kind } of plan) {
      if (!left(id)) continue;
      const key = labelKey(id, structure);
      this.#kinds.set(key, kind);
      const own = this.#byCase.get(id) ?? [];
      own.push({ kind, dice: dice.get(key) ?? 1 });
      this.#byCase.set(id, own);
    }
  }

  /** Number of cases with a damaged label. */
  get cases(): number {
    return this.#byCase.size;
  }

  /** The kinds of damage in the cell, sorted. */
  get kinds(): string[] {
    return [...new Set(this.#kinds.values())].sort();
  }

  /** The truth about all labels that count; null for a label of a corrected case. */
  readonly truth: Truth = (id, structure) => {
    if (!this.#left(id)) return null;
    const key = labelKey(id, structure);
    return { error: this.#kinds.has(key), dice: this.#dice.get(key) ?? 1 };
  };

  /**
   * The truth about the labels with one kind of damage and about the clean labels; null for other labels.
   * If `per` is `case`, the kind and the error are those of the label's whole case.
   * @param below the truth is also null for damaged labels (or cases) whose dice is not below this number
   */
  truthOf(kind: string, per: RankPer, below = Infinity): Truth {
    const is = (one: string): boolean => kind === ANY_KIND || kind === one;
    return (id, structure) => {
      const whole = this.truth(id, structure);
      if (whole === null) return null;
      const damaged = this.#byCase.get(id)?.filter((one) => is(one.kind)) ?? [];
      const worst = Math.min(...damaged.map(({ dice }) => dice));
      if (per === 'case') {
        const clean = !this.#byCase.has(id);
        return clean || worst < below ? { ...whole, error: !clean } : null;
      }
      const own = this.#kinds.get(labelKey(id, structure));
      if (own === undefined) return whole;
      return is(own) && (whole.dice ?? 1) < below ? whole : null;
    };
  }
}

/** @param judge evaluates all measures against a truth and returns their figures */
export function kindFigures(
  damage: Damage,
  judge: (truth: Truth) => readonly MeasureFigures[],
): KindFigures[] {
  const { kinds } = damage;
  const rows = kinds.length > 1 ? [ANY_KIND, ...kinds] : kinds;
  return rows.flatMap((kind) =>
    RankPer.options.flatMap((per): KindFigures[] => {
      const found = (below?: number): MeasureFigures[] =>
        judge(damage.truthOf(kind, per, below)).filter(
          (one) => one.per === per && MEASURES.includes(one.by),
        );
      const gross = found(GROSS_DICE);
      return found().map(({ by, errors, auroc }, index) => {
        const { errors: bad, auroc: well } = gross[index];
        return { kind, by, per, all: { errors, auroc }, gross: { errors: bad, auroc: well } };
      });
    }),
  );
}
