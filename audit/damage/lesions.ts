/** Plans and plants errors in the labels of lesions, a structure that some images have and others lack. */
import { dice } from '../imaging/measure.ts';
import type { Mask } from '../imaging/types.ts';
import { Random } from '../../models/random.ts';
import { dilated, missingPart, shifted } from './damage.ts';
import type { TruthError } from './truth.ts';

const LESION_KINDS = ['omitted', 'invented', 'half', 'shifted', 'dilated'] as const;
type LesionKind = (typeof LESION_KINDS)[number];

/** `shifted` and `dilated` aim at a dice of at most this: nobody would call such a label right. */
const MILDEST_DICE = 0.85;

export interface PlannedLesionError {
  readonly case: string;
  readonly kind: LesionKind;
  /** 0 mild … 1 gross; only the kinds `shifted` and `dilated` use it. */
  readonly severity: number;
  /** The case whose lesion is drawn in this case's label; only the kind `invented` uses it. */
  readonly other: string;
  readonly seed: number;
}

/**
 * Plans errors in at most one label of each case; their number is `share` times the number of lesions,
 * rounded. Each kind comes once, in random order, then each kind again. `invented` draws a lesion where
 * the image has none (if all images have one, `omitted` replaces it); the other kinds damage a lesion.
 * @param present the cases with a lesion
 */
export function planLesionErrors(
  ids: readonly string[],
  present: readonly string[],
  { share, seed }: { share: number; seed: number },
): PlannedLesionError[] {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`the share ${share} is not in 0 … 1`);
  const random = new Random('lesion error plan', seed);
  const ill = random.shuffle(present);
  const sound = random.shuffle(ids.filter((id) => !present.includes(id)));
  const deck: LesionKind[] = [];
  return Array.from({ length: Math.round(share * present.length) }, (): PlannedLesionError => {
    if (deck.length === 0) deck.push(...random.shuffle(LESION_KINDS));
    const dealt = deck.pop() ?? 'omitted';
    const kind = dealt === 'invented' && sound.length === 0 ? 'omitted' : dealt;
    const id = (kind === 'invented' ? sound : ill).pop() ?? '';
    const other = random.pick(present);
    return { case: id, kind, severity: random.next(), other, seed: random.bits() };
  });
}

function spoil(truth: Mask, planned: PlannedLesionError, severity: number, other: Mask): Mask {
  const random = new Random('lesion error', planned.seed);
  switch (planned.kind) {
    case 'omitted':
      return { ...truth, data: new Uint8Array(truth.data.length) };
    case 'invented':
      return other;
    case 'half':
      return missingPart(truth, 0.5, random);
    case 'shifted':
      return shifted(truth, severity, random);
    case 'dilated':
      return dilated(truth, severity);
  }
}

/**
 * Damages the label of a lesion. For `shifted` and `dilated`, the severity is raised until the dice with
 * the true mask is at most `MILDEST_DICE`, or the severity is 1.
 * @param structure the name of the structure in the returned error
 * @param other gives the mask of the lesion in the case `planned.other`
 */
export function plantLesionError(
  truth: Mask,
  planned: PlannedLesionError,
  structure: string,
  other: () => Mask,
): { mask: Mask; error: TruthError } {
  const { case: id, kind } = planned;
  const drawn = kind === 'invented' ? other() : truth;
  const graded = kind === 'shifted' || kind === 'dilated';
  let { severity } = planned;
  let mask = spoil(truth, planned, severity, drawn);
  while (graded && severity < 1 && dice(mask, truth) > MILDEST_DICE) {
    severity = Math.min(severity + 0.1, 1);
    mask = spoil(truth, planned, severity, drawn);
  }
  const told = graded ? Math.round(severity * 1000) / 1000 : null;
  return { mask, error: { case: id, structure, kind, severity: told, dice: dice(mask, truth) } };
}
