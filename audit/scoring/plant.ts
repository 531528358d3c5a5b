/**
 * Plants errors of known size on labels that are taken as right, and scores them like any other label.
 * `ranking/calibrate.ts` learns from them which dice with the true mask a score stands for.
 */
import { labelKey } from '../contract/label-key.ts';
import { dice } from '../imaging/measure.ts';
import type { Mask } from '../imaging/types.ts';
import { dilated, eroded, missingPart, oneSided, ragged, shifted } from '../damage/damage.ts';
import { Random } from '../../models/random.ts';
import type { SampleSet } from '../../models/sampleset.ts';
import { networkImages, scoreOwn } from './labels.ts';
import type { Networks } from './networks.ts';
import type { PreparedCase } from './prepare.ts';
import type { PlantedScore } from './types.ts';

/**
 * A kind of damage and its range of severities. A severity below 0 is milder than `mild` in `damage.ts`.
 */
interface Damage {
  readonly from: number;
  readonly to: number;
  readonly spoil: (mask: Mask, severity: number, random: Random) => Mask;
}

const empty = ({ width, height }: Mask): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height),
});

/**
 * Some kinds have a mild and a gross range, because a severity drawn from one wide range is seldom mild.
 */
const DAMAGES: readonly Damage[] = [
  { from: -0.2, to: 0.6, spoil: eroded },
  { from: 0.4, to: 1.8, spoil: eroded },
  { from: -0.2, to: 0.6, spoil: dilated },
  { from: 0.4, to: 2, spoil: dilated },
  { from: -0.2, to: 1.5, spoil: shifted },
  { from: -0.2, to: 1.1, spoil: missingPart },
  { from: -0.3, to: 1, spoil: ragged },
  { from: 0, to: 1, spoil: (mask, _, random) => oneSided(mask, random) },
  { from: 0, to: 1, spoil: empty },
];

/** Errors are planted in at most this many cases: more would add nothing. */
const MOST_CASES = 100;
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
 * Plants one error of every kind on each trusted label of up to 100 cases. There is no seed: the random
 * choices depend only on the names of cases and structures.
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
  const chosen = new Random('planted cases')
    .shuffle(candidates)
    .slice(0, MOST_CASES)
    .sort((a, b) => a - b);
  const planted: PlantedScore[] = [];
  for (let from = 0; from < chosen.length; from += BATCH) {
    const batch: PreparedCase[] = [];
    for (const index of chosen.slice(from, from + BATCH)) {
      signal?.throwIfAborted();
      const { id, present, masks } = cases[index];
      // Only labels that get an error are scored; for the others the QAM sees the segmenter's proposals.
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
    for (const [kind, damage] of DAMAGES.entries()) {
      signal?.throwIfAborted();
      const known = new Map<string, number>();
      const damaged = batch.map(({ task, sample }): PreparedCase => {
        const labels = Uint8Array.from(sample.labels);
        structures.forEach((structure, s) => {
          if (task.masks[s] === null) return;
          const pixels = width * height;
          const plane = sample.labels.slice(s * pixels, (s + 1) * pixels);
          const mask = { width, height, data: plane };
          const spoilt = spoil(mask, damage, new Random('planted', task.id, structure, kind));
          if (spoilt === null) return;
          labels.set(spoilt.data, s * pixels);
          known.set(labelKey(task.id, structure), dice(spoilt, mask));
        });
        return { task, sample: { ...sample, labels } };
      });
      const scores = await scoreOwn(networks, damaged, segmented ?? null);
      for (const score of scores) {
        const own = known.get(labelKey(score.case, score.structure));
        if (own !== undefined) planted.push({ score, dice: own });
      }
    }
    onProgress?.(Math.min(from + BATCH, chosen.length), chosen.length);
  }
  return planted;
}

/** @returns null for an empty mask */
function spoil(mask: Mask, damage: Damage, random: Random): Mask | null {
  if (!mask.data.includes(1)) return null;
  return damage.spoil(mask, random.uniform(damage.from, damage.to), random);
}
