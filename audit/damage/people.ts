/**
 * Label noise like the errors of people, for experiments: plans the error of each label, and applies it.
 * A seed decides the plan, so that the same damage can be done again.
 */
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { mirrored, missingPart, oneSided, shifted } from './damage.ts';
import { leaked } from './leak.ts';
import { markovRagged } from './markov.ts';
import { applyNoise, chooseCases, sortedIds } from './noise.ts';
import { Random } from '../../models/random.ts';

export const PEOPLE_KINDS = [
  'shifted',
  'missing',
  'wrong-side',
  'swapped',
  'other-patient',
  'ragged',
  'leak',
  'generous',
] as const;
export type PeopleKind = (typeof PEOPLE_KINDS)[number];

/** A generous annotator draws this far outside the boundary, in pixels at 256²: about 5 mm on a chest. */
export const GENEROUS_RADIUS = 4;

/** The planned error of one label. */
export const PeopleEntry = z.object({
  case: z.string(),
  structure: z.string(),
  kind: z.enum(PEOPLE_KINDS),
  /** 0 mild … 1 gross, or null if the kind has no severity. */
  severity: z.number().min(0).max(1).nullable(),
  /** The structure (`swapped`) or the case (`other-patient`) whose mask is used; else null. */
  other: z.string().nullable(),
  seed: z.number().int().nonnegative(),
});
export type PeopleEntry = z.infer<typeof PeopleEntry>;

export interface PeopleOptions {
  /** One kind of error, or `people` for all kinds in turn. */
  readonly kind: PeopleKind | 'people';
  /** Share of the cases, 0 … 1. */
  readonly share: number;
  /**
   * Damages all structures of a chosen case, or one (for `swapped`, two). Default: all; for `people` a coin
   * decides in each case.
   */
  readonly structures?: 'one' | 'all' | undefined;
  readonly seed: number;
}

const UNGRADED: ReadonlySet<PeopleKind> = new Set(['swapped', 'other-patient', 'generous']);

/** A noun phrase for what the kind needs but the dataset lacks, or null if the dataset lacks nothing. */
function missingFor(kind: PeopleKind, cases: number, structures: number): string | null {
  if (kind === 'swapped' && structures < 2) return 'two structures';
  if (kind === 'other-patient' && cases < 2) return 'two cases';
  return null;
}

/**
 * Plans errors in exactly round(share · ids) cases, one kind in each case. The same seed chooses the same
 * cases for every kind. `swapped` exchanges the masks of two structures; with `all`, each structure gets
 * the mask of the next one in a random order.
 * @throws UserError if the data has too few structures or cases for the kind
 */
export function planPeople(
  ids: readonly string[],
  structures: readonly string[],
  { kind: asked, share, structures: which, seed }: PeopleOptions,
): PeopleEntry[] {
  const random = new Random('people plan', seed);
  const chosen = chooseCases(ids, share, random);
  const kinds = PEOPLE_KINDS.filter(
    (kind) => missingFor(kind, ids.length, structures.length) === null,
  );
  if (asked !== 'people') {
    const missing = missingFor(asked, ids.length, structures.length);
    if (missing !== null) {
      throw new UserError(`The noise "${asked}" needs ${missing} or more: name another noise.`);
    }
  }
  const deck: PeopleKind[] = [];
  const next = (): PeopleKind => {
    if (deck.length === 0) deck.push(...random.shuffle(kinds));
    return deck.pop() ?? 'shifted';
  };
  return chosen.flatMap((id) => {
    const kind = asked === 'people' ? next() : asked;
    const coin = random.chance(0.5) ? 'one' : 'all';
    const whole = (which ?? (asked === 'people' ? coin : 'all')) === 'all';
    const order = random.shuffle(structures);
    const spoilt = whole ? order : order.slice(0, kind === 'swapped' ? 2 : 1);
    const others = sortedIds(ids).filter((other) => other !== id);
    const patient = others.length > 0 ? random.pick(others) : id;
    return spoilt.map((structure, index): PeopleEntry => {
      const severity = Math.round(random.next() * 1000) / 1000;
      const neighbour = spoilt[(index + 1) % spoilt.length];
      return {
        case: id,
        structure,
        kind,
        severity: UNGRADED.has(kind) ? null : severity,
        other: kind === 'swapped' ? neighbour : kind === 'other-patient' ? patient : null,
        seed: random.bits(),
      };
    });
  });
}

/** The image and the other masks that an error of a label may need. */
export interface Surroundings {
  readonly image: GreyImage;
  /** The true mask of a structure of this case. */
  structure(name: string): Mask;
  /** The true mask of the same structure in another case, resampled to this image's size. */
  patient(id: string): Promise<Mask>;
}

/** Applies a planned error. `wrong-side` leaves out one side below severity 0.5, else mirrors the mask. */
export async function applyPeople(entry: PeopleEntry, around: Surroundings): Promise<Mask> {
  const { structure, kind, other } = entry;
  const severity = entry.severity ?? 1;
  const random = new Random('people', entry.seed);
  const truth = around.structure(structure);
  switch (kind) {
    case 'shifted':
      return shifted(truth, severity, random);
    case 'missing':
      return missingPart(truth, severity, random);
    case 'wrong-side':
      return severity < 0.5 ? oneSided(truth, random) : mirrored(truth);
    case 'swapped':
      return around.structure(other ?? structure);
    case 'other-patient':
      return around.patient(other ?? entry.case);
    case 'ragged':
      return markovRagged(truth, severity, random);
    case 'leak':
      return leaked(truth, around.image, severity, random);
    case 'generous':
      return applyNoise(truth, { kind: 'dilated', radius: GENEROUS_RADIUS });
  }
}
