/** Plans label errors and plants them in masks. */
import { dice } from '../imaging/measure.ts';
import type { Mask } from '../imaging/types.ts';
import { dilated, eroded, mirrored, missingPart, oneSided, ragged, shifted } from './damage.ts';
import { Random } from '../../models/random.ts';
import type { TruthError } from './truth.ts';

export const ERROR_KINDS = [
  'eroded',
  'dilated',
  'shifted',
  'missing-part',
  'one-sided',
  'swapped',
  'other-patient',
  'ragged',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/**
 * A planted error has at most this dice with the true mask. Even two careful people differ by a Jaccard
 * index of .946 on lungs, .878 on hearts and .896 on clavicles (van Ginneken, Stegmann and Loog 2006,
 * table 1), which is a dice of .972, .935 and .945: a label closer to the true mask is no error.
 */
export const MILDEST_DICE = 0.92;

export interface PlannedError {
  readonly case: string;
  readonly structure: string;
  readonly kind: ErrorKind;
  /** 0 mild … 1 gross. `plantError` uses a higher one if the damaged label is too close to the true mask. */
  readonly severity: number;
  /** The case whose mask replaces the label, for the kind `other-patient`. */
  readonly other: string;
  readonly seed: number;
}

/**
 * Plans errors in exactly round(share · ids) cases, in one or more structures of each case. The kinds are
 * dealt like a deck of cards: each kind occurs once before the deck is shuffled again.
 */
export function planErrors(
  ids: readonly string[],
  structures: readonly string[],
  options: { share: number; seed: number },
): PlannedError[] {
  const { share, seed } = options;
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share ${share} is not in 0 … 1`);
  const random = new Random('error plan', seed);
  const count = Math.round(share * ids.length);
  const kinds = ids.length > 1 ? ERROR_KINDS : ERROR_KINDS.filter((k) => k !== 'other-patient');
  const deal: ErrorKind[] = [];
  const next = (): ErrorKind => {
    if (deal.length === 0) deal.push(...random.shuffle(kinds));
    return deal.pop() ?? 'shifted';
  };
  const chosen = random.shuffle(ids).slice(0, count);
  return chosen.flatMap((id) => {
    const spoilt = random.next() < 0.6 ? 1 : random.integer(2, Math.max(structures.length, 2));
    return random
      .shuffle(structures)
      .slice(0, spoilt)
      .map((structure): PlannedError => {
        let other = id;
        while (ids.length > 1 && other === id) other = random.pick(ids);
        const [kind, severity, own] = [next(), random.next(), random.bits()];
        return { case: id, structure, kind, severity, other, seed: own };
      });
  });
}

function spoil(truth: Mask, kind: ErrorKind, severity: number, seed: number, other: Mask): Mask {
  const random = new Random('error', seed);
  switch (kind) {
    case 'eroded':
      return eroded(truth, severity);
    case 'dilated':
      return dilated(truth, severity);
    case 'shifted':
      return shifted(truth, severity, random);
    case 'missing-part':
      return missingPart(truth, severity, random);
    case 'one-sided':
      return oneSided(truth, random);
    case 'swapped':
      return mirrored(truth);
    case 'other-patient':
      return other;
    case 'ragged':
      return ragged(truth, severity, random);
  }
}

/** Kinds whose damage does not depend on the severity. */
const UNGRADED: ReadonlySet<ErrorKind> = new Set(['one-sided', 'swapped', 'other-patient']);

/**
 * Damages one label so that its dice with the true mask is at most `MILDEST_DICE`: raises the severity
 * until this dice is reached. If the planned kind cannot reach it (for example `swapped` with a symmetric
 * structure), `missing-part` or else `shifted` replaces the kind. The returned error states the kind and
 * severity that were used.
 * @param other gives the mask of the same structure in the case `planned.other`
 * @throws RangeError if the label is empty
 */
export function plantError(
  truth: Mask,
  planned: PlannedError,
  other: () => Mask,
): { mask: Mask; error: TruthError } {
  const another = planned.kind === 'other-patient' ? other() : truth;
  const attempts: [ErrorKind, number][] = [];
  for (const kind of [planned.kind, 'missing-part', 'shifted'] as const) {
    if (UNGRADED.has(kind)) attempts.push([kind, 1]);
    else for (let s = planned.severity; s < 1.1; s += 0.1) attempts.push([kind, Math.min(s, 1)]);
  }
  for (const [kind, severity] of attempts) {
    const mask = spoil(truth, kind, severity, planned.seed, another);
    const overlap = dice(mask, truth);
    if (overlap > MILDEST_DICE) continue;
    const { case: id, structure } = planned;
    const rounded = Math.round(severity * 1000) / 1000;
    return {
      mask,
      error: { case: id, structure, kind, severity: rounded, dice: overlap },
    };
  }
  throw new RangeError(`the ${planned.structure} of ${planned.case} is empty: nothing to spoil`);
}
