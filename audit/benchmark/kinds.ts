/**
 * What is true of a cell's training labels, and how well each kind of damage is found: that kind's
 * labels (or cases) against clean ones, all other damaged ones left out.
 */
import { z } from 'zod';
import { RankPer } from '../contract/terms.ts';
import { labelKey } from '../contract/label-key.ts';
import type { Truth } from '../ranking/evaluate.ts';
import type { NoiseEntry } from './noise.ts';
import { Measure } from './rivals.ts';
import type { MeasureFigures } from './rivals.ts';

/** Below this dice with the true mask nobody would call a label right. */
export const GROSS_DICE = 0.85;

/** Every kind together. */
export const ANY_KIND = 'any';

/** What is compared kind by kind. */
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
  /** As in `noise.json`, or `any`. */
  kind: z.string(),
  by: Measure,
  per: RankPer,
  all: Found,
  /** Only those with a dice below `GROSS_DICE`: of a label its own, of a case its worst label's. */
  gross: Found,
});
export type KindFigures = z.infer<typeof KindFigures>;

/** What was done to which label, and the dice that is left of it with the true mask. */
export class Damage {
  readonly #kinds = new Map<string, string>();
  readonly #dice: ReadonlyMap<string, number>;
  readonly #left: (id: string) => boolean;
  readonly #byCase = new Map<string, { kind: string; dice: number }[]>();

  /**
   * @param dice of every training label, by its key
   * @param left whether a case still counts: a corrected one is no longer looked for
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

  /** Cases with a damaged label. */
  get cases(): number {
    return this.#byCase.size;
  }

  /** Kinds that occur, sorted. */
  get kinds(): string[] {
    return [...new Set(this.#kinds.values())].sort();
  }

  /** The truth of everything. */
  readonly truth: Truth = (id, structure) => {
    if (!this.#left(id)) return null;
    const key = labelKey(id, structure);
    return { error: this.#kinds.has(key), dice: this.#dice.get(key) ?? 1 };
  };

  /** The truth of one kind alone, and where `below` is given, of what is as bad as that. */
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

/** @param judge the figures of every measure under a truth */
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
