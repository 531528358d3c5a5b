/**
 * Plants errors of known size on labels that are taken as right, and scores them like any other label.
 * `ranking/calibrate.ts` learns from them which dice with the true mask a score stands for.
 */
import { labelKey } from '../contract/label-key.ts';
import { dice } from '../imaging/measure.ts';
import type { Mask } from '../imaging/types.ts';
import {
  dilated,
  eroded,
  missingPart,
  oneSided,
  ragged,
  shifted,
  warped,
} from '../damage/damage.ts';
import { Random } from '../../models/random.ts';
import type { SampleSet } from '../../models/sampleset.ts';
import { networkImages, scoreOwn } from './labels.ts';
import type { Networks } from './networks.ts';
import type { PreparedCase } from './prepare.ts';
import type { PlantedKind, PlantedScore } from './types.ts';

/**
 * A kind of damage and its range of severities. A severity below 0 is milder than `mild` in `damage.ts`.
 */
interface Damage {
  readonly kind: PlantedKind;
  readonly from: number;
  readonly to: number;
  /** @param other the mask of the same structure in another case */
  readonly spoil: (mask: Mask, severity: number, random: Random, other: Mask) => Mask;
}

const empty = ({ width, height }: Mask): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height),
});

/**
 * What is planted on drawn labels. Some kinds have a mild and a gross range, because a severity drawn from
 * one wide range is seldom mild.
 */
const ON_DRAWN: readonly Damage[] = [
  { kind: 'eroded', from: -0.2, to: 0.6, spoil: eroded },
  { kind: 'eroded', from: 0.4, to: 1.8, spoil: eroded },
  { kind: 'dilated', from: -0.2, to: 0.6, spoil: dilated },
  { kind: 'dilated', from: 0.4, to: 2, spoil: dilated },
  { kind: 'shifted', from: -0.2, to: 1.5, spoil: shifted },
  { kind: 'missing-part', from: -0.2, to: 1.1, spoil: missingPart },
  { kind: 'ragged', from: -0.3, to: 1, spoil: ragged },
  { kind: 'warped', from: -0.1, to: 0.4, spoil: warped },
  { kind: 'warped', from: 0, to: 1.2, spoil: warped },
  { kind: 'one-sided', from: 0, to: 1, spoil: (mask, _, random) => oneSided(mask, random) },
  { kind: 'other', from: 0, to: 1, spoil: (_, __, ___, other) => other },
  { kind: 'omitted', from: 0, to: 1, spoil: empty },
];

/** What is planted on empty labels. */
const ON_EMPTY: readonly Damage[] = [
  { kind: 'invented', from: 0, to: 1, spoil: (_, __, ___, other) => other },
];

/** At most this many drawn masks of a structure are kept to be planted in other cases. */
const MOST_OTHERS = 32;

/** Errors are planted in this many cases, if there are as many: more would not improve the calibration … */
const MOST_CASES = 100;
/** … and in further cases for a structure that these seldom show, until so many cases show it. */
const FEWEST_DRAWN = 40;
/** At most this many cases are read to find those that show a rare structure. */
const MOST_READ = 3000;
const BATCH = 8;

export interface PlantOptions {
  /** The sample set that the networks were trained on. */
  readonly set: SampleSet;
  /** Keys (`labelKey`) of the labels that are taken as right. */
  readonly trusted: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Plants on each trusted label of about 100 cases all errors of `ON_DRAWN` or `ON_EMPTY`, one at a time. The
 * cases are not from the test split, and further ones are taken for rare structures (`casesToSpoil`). A label gets no error if no other of these cases has a trusted drawn
 * label of the same structure. There is no seed: the random choices depend only on the names of cases and
 * structures.
 */
export async function plantErrors(
  networks: Networks,
  options: PlantOptions,
): Promise<PlantedScore[]> {
  const { set, trusted, signal, onProgress } = options;
  const { cases, structures, width, height } = set.manifest;
  const isTrusted = (id: string, structure: string): boolean =>
    trusted.has(labelKey(id, structure));
  const candidates = cases.flatMap(({ id, present, split }, index) =>
    split !== 'test' && structures.some((name, s) => present[s] && isTrusted(id, name))
      ? [index]
      : [],
  );
  const shuffled = new Random('planted cases').shuffle(candidates);
  const chosen = await casesToSpoil(set, shuffled, isTrusted);
  const others = await othersOf(set, chosen, isTrusted);
  const planted: PlantedScore[] = [];
  const rounds = Math.max(ON_DRAWN.length, ON_EMPTY.length);
  for (let from = 0; from < chosen.length; from += BATCH) {
    const batch: PreparedCase[] = [];
    for (const index of chosen.slice(from, from + BATCH)) {
      signal?.throwIfAborted();
      const { id, present, masks } = cases[index];
      // Only labels that get an error are scored. While one is scored, the QAM sees the proposals for all
      // other structures.
      const own = masks.map((mask, s) =>
        present[s] && isTrusted(id, structures[s]) ? mask : null,
      );
      const task = { id, imageFile: '', imageHash: '', width, height, masks: own };
      batch.push({ task, sample: await set.read(index) });
    }
    const segmented = await networks.segmenter?.segment(
      networkImages(networks, batch),
      batch.length,
    );
    for (let round = 0; round < rounds; round += 1) {
      signal?.throwIfAborted();
      const known = new Map<string, { kind: PlantedKind; dice: number }>();
      const damaged = batch.map(({ task, sample }): PreparedCase => {
        const labels = Uint8Array.from(sample.labels);
        const masks = task.masks.map((own, s) => {
          if (own === null) return null;
          const mask = { width, height, data: planeOf(sample.labels, s, width * height) };
          const damage = (mask.data.includes(1) ? ON_DRAWN : ON_EMPTY).at(round);
          const random = new Random('planted', task.id, structures[s], round);
          const other = othersFor(others[s], task.id);
          if (!damage || other.length === 0) return null;
          const severity = random.uniform(damage.from, damage.to);
          const spoilt = damage.spoil(mask, severity, random, random.pick(other).mask);
          labels.set(spoilt.data, s * width * height);
          const key = labelKey(task.id, structures[s]);
          known.set(key, { kind: damage.kind, dice: dice(spoilt, mask) });
          return own;
        });
        return { task: { ...task, masks }, sample: { ...sample, labels } };
      });
      if (known.size === 0) continue;
      for (const score of await scoreOwn(networks, damaged, segmented ?? null)) {
        const own = known.get(labelKey(score.case, score.structure));
        if (own) planted.push({ ...own, score });
      }
    }
    onProgress?.(Math.min(from + BATCH, chosen.length), chosen.length);
  }
  return planted;
}

/**
 * The first `MOST_CASES` of the candidates, and those of the next ones that show a structure which fewer than
 * `FEWEST_DRAWN` chosen cases show.
 * @returns indices into the sample set, ascending
 */
async function casesToSpoil(
  set: SampleSet,
  candidates: readonly number[],
  isTrusted: (id: string, structure: string) => boolean,
): Promise<number[]> {
  const { cases, structures, width, height } = set.manifest;
  const counts = structures.map(() => 0);
  const chosen: number[] = [];
  for (const index of candidates.slice(0, MOST_READ)) {
    if (chosen.length >= MOST_CASES && counts.every((count) => count >= FEWEST_DRAWN)) break;
    const { id, present } = cases[index];
    const { labels } = await set.read(index);
    const drawn = structures.flatMap((name, s) =>
      present[s] && isTrusted(id, name) && planeOf(labels, s, width * height).includes(1)
        ? [s]
        : [],
    );
    const isRare = drawn.some((s) => counts[s] < FEWEST_DRAWN);
    if (chosen.length >= MOST_CASES && !isRare) continue;
    chosen.push(index);
    for (const s of drawn) counts[s] += 1;
  }
  return chosen.sort((a, b) => a - b);
}

/** A mask that can be planted in another case. */
interface Other {
  readonly id: string;
  readonly mask: Mask;
}

/** For each structure, the first trusted drawn masks in the chosen cases, at most `MOST_OTHERS`. */
async function othersOf(
  set: SampleSet,
  chosen: readonly number[],
  isTrusted: (id: string, structure: string) => boolean,
): Promise<Other[][]> {
  const { cases, structures, width, height } = set.manifest;
  const others = structures.map((): Other[] => []);
  for (const index of chosen) {
    const { id, present } = cases[index];
    const wanted = structures.flatMap((name, s) =>
      present[s] && isTrusted(id, name) && others[s].length < MOST_OTHERS ? [s] : [],
    );
    if (wanted.length === 0) continue;
    const { labels } = await set.read(index);
    for (const s of wanted) {
      const data = planeOf(labels, s, width * height);
      if (data.includes(1)) others[s].push({ id, mask: { width, height, data } });
    }
  }
  return others;
}

const othersFor = (others: readonly Other[], id: string): Other[] =>
  others.filter((other) => other.id !== id);

const planeOf = (labels: Uint8Array, structure: number, pixels: number): Uint8Array =>
  labels.slice(structure * pixels, (structure + 1) * pixels);
