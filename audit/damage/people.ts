/**
 * Label noise as people make it, for the experiments: which labels of which cases are spoilt, in
 * which way and how badly. Planned once from a seed, applied as often as needed.
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

/** What a generous annotator draws too much, in pixels at 256²: on a chest X-ray some 5 mm. */
export const GENEROUS_RADIUS = 4;

/** What happens to one label. */
export const PeopleEntry = z.object({
  case: z.string(),
  structure: z.string(),
  kind: z.enum(PEOPLE_KINDS),
  /** 0 mild … 1 gross; null of a kind that has no degrees. */
  severity: z.number().min(0).max(1).nullable(),
  /** Whose mask stands in its place: another structure's (`swapped`) or another patient's; else null. */
  other: z.string().nullable(),
  seed: z.number().int().nonnegative(),
});
export type PeopleEntry = z.infer<typeof PeopleEntry>;

export interface PeopleOptions {
  /** `people`: every kind, dealt in turn. */
  readonly kind: PeopleKind | 'people';
  /** Of the cases, 0 … 1. */
  readonly share: number;
  /** Of a chosen case; left out it is all, and with `people` all or one by a coin. */
  readonly structures?: 'one' | 'all' | undefined;
  readonly seed: number;
}

const UNGRADED: ReadonlySet<PeopleKind> = new Set(['swapped', 'other-patient', 'generous']);

/** Why a kind cannot be made of this data; null when it can. */
function missingFor(kind: PeopleKind, cases: number, structures: number): string | null {
  if (kind === 'swapped' && structures < 2) return 'two structures';
  if (kind === 'other-patient' && cases < 2) return 'two cases';
  return null;
}

/**
 * Plans exactly round(share · ids) cases, each with one kind; the same seed chooses the same cases
 * for every kind. `swapped` exchanges two structures, or with `all` hands every mask on to the next.
 * @throws UserError when the data has too few structures or cases for the kind
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
      throw new UserError(`The noise "${asked}" needs ${missing} or more: name another one.`);
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
    const others = sortedIds(ids).filter((one) => one !== id);
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

/** The case that a label belongs to, and its neighbours. */
export interface Surroundings {
  readonly image: GreyImage;
  /** The true mask of a structure of this case. */
  structure(name: string): Mask;
  /** The true mask of the label's structure in another case, of this image's size. */
  patient(id: string): Promise<Mask>;
}

/** The label as spoilt. `wrong-side` is one side left out where it is mild, else mirrored. */
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
