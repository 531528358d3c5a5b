/** Simulates reviews: labels with known errors, of which a share gets verdicts, worst first. */
import type { JudgedLabel } from '../../../audit/ranking/left.ts';
import { robustZ, spread } from '../../../audit/ranking/robust.ts';
import { Random } from '../../../models/random.ts';

interface Truth {
  readonly z: number;
  readonly error: boolean;
}

/** Makes the labels of one kind of dataset. */
export type Shape = (count: number, random: Random) => Truth[];

const sigma = (x: number): number => 1 / (1 + Math.exp(-x));

/** Draws the score of each label first, then whether it is wrong, by a chance that depends on the score. */
const byScore =
  (score: (r: Random) => number, chance: (z: number) => number): Shape =>
  (count, r) =>
    Array.from({ length: count }, () => {
      const z = score(r);
      return { z, error: r.next() < chance(z) };
    });

/** Draws whether each label is wrong first, then its score; scales the scores as the ranking does. */
const byError =
  (share: number, wrong: (r: Random) => number, right: (r: Random) => number): Shape =>
  (count, r) => {
    const labels = Array.from({ length: count }, () => {
      const error = r.next() < share;
      return { score: error ? wrong(r) : right(r), error };
    });
    const all = spread(labels.map(({ score }) => score));
    return labels.map(({ score, error }) => ({ z: robustZ(score, all), error }));
  };

/** Kinds of datasets that fit the model in `left.ts`: the score gives the chance that a label is wrong. */
export const SPECIFIED: Readonly<Record<string, Shape>> = {
  typical: byScore(
    (r) => (r.next() < 0.85 ? r.normal() : 2.5 * r.normal() - 5),
    (z) => 0.005 + 0.995 * sigma(-5 - 1.6 * z),
  ),
  '2 % errors': byScore(
    (r) => (r.next() < 0.98 ? r.normal() : 2 * r.normal() - 6),
    (z) => 0.001 + 0.999 * sigma(-7 - 1.5 * z),
  ),
  '50 % errors': byScore(
    (r) => 1.5 * r.normal(),
    (z) => 0.01 + 0.99 * sigma(-1.5 * z),
  ),
  '5 % cannot be seen': byScore(
    (r) => (r.next() < 0.9 ? r.normal() : 2.5 * r.normal() - 5),
    (z) => 0.05 + 0.95 * sigma(-5 - 1.6 * z),
  ),
  'a weak ranking': byScore(
    (r) => 1.3 * r.normal(),
    (z) => 0.01 + 0.99 * sigma(-2 - 0.5 * z),
  ),
};

/** Kinds of datasets that do not fit the model in `left.ts`. */
export const OTHERWISE: Readonly<Record<string, Shape>> = {
  'two clusters of errors': byError(
    0.1,
    (r) => (r.next() < 0.5 ? 1.5 * r.normal() - 9 : 0.8 * r.normal() - 2),
    (r) => r.normal(),
  ),
  '60 % of the errors look good': byError(
    0.1,
    (r) => (r.next() < 0.4 ? 2 * r.normal() - 7 : r.normal()),
    (r) => r.normal(),
  ),
  'half are wrong, and far off': byError(
    0.5,
    (r) => r.normal() - 3,
    (r) => 0.6 * r.normal(),
  ),
  'a threshold': byScore(
    (r) => (r.next() < 0.85 ? r.normal() : 2 * r.normal() - 4),
    (z) => (z < -2.5 ? 0.95 : 0.003),
  ),
  'good ones among the worst': byError(
    0.04,
    (r) => 2 * r.normal() - 4,
    (r) => (r.next() < 0.93 ? r.normal() : 2 * r.normal() - 4),
  ),
};

/** The state of a review. */
export interface Reviewed {
  readonly labels: JudgedLabel[];
  /** The number of errors among the open labels. */
  readonly left: number;
}

/** After the first ten, one place in this many is a random open label (a blind check), as in the queue. */
const EVERY = 20;

/** Gives verdicts to `count` labels, the worst first, until the share `share` of them has one. */
export function reviewed(shape: Shape, count: number, share: number, seed: number): Reviewed {
  const r = Random.forTraining(seed, count, share);
  const truth = shape(count, r).sort((a, b) => a.z - b.z);
  const open = truth.map((_, i) => i);
  const judged = new Map<number, JudgedLabel['blind']>();
  for (let place = 0; judged.size < Math.round(share * count); place += 1) {
    const drawn = place >= 10 && place % EVERY === 3;
    const [i] = open.splice(drawn ? r.below(open.length) : 0, 1);
    judged.set(i, drawn ? { kind: 'random', error: truth[i].error } : null);
  }
  return {
    labels: truth.map(({ z, error }, i) => {
      const blind = judged.get(i);
      return blind === undefined ? { z, error: null, blind: null } : { z, error, blind };
    }),
    left: open.filter((i) => truth[i].error).length,
  };
}
