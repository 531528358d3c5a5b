/** Planted label errors: which cases get one, of which kind, and how it comes out. */
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
 * An error is at most this close to the truth. Two careful people already differ by a Jaccard
 * index of .946 on lungs, .878 on hearts and .896 on clavicles (van Ginneken, Stegmann and Loog
 * 2006, table 1), which are dice of .972, .935 and .945: what is closer is no error.
 */
export const MILDEST_DICE = 0.92;

export interface PlannedError {
  readonly case: string;
  readonly structure: string;
  readonly kind: ErrorKind;
  /** 0 mild … 1 gross; raised where the outcome would be too close to the truth. */
  readonly severity: number;
  /** The other patient, for that kind. */
  readonly other: string;
  readonly seed: number;
}

/**
 * Plans the errors of exactly round(share · ids) cases: in each of them one structure or more.
 * The kinds are dealt in turn, so that all occur as soon as there are as many cases as kinds.
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

/** Kinds that have no degrees: as they come out, they are as bad as they get. */
const UNGRADED: ReadonlySet<ErrorKind> = new Set(['one-sided', 'swapped', 'other-patient']);

/**
 * Spoils one label. What comes out has a dice of `MILDEST_DICE` at most with the truth: the
 * severity is raised until it does, and where a kind cannot (a structure that is its own mirror
 * image) a part is left out instead, and the entry says so.
 * @param other the mask of the same structure of the patient `planned.other`.
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
