import { describe, expect, it } from 'vitest';
import { Random } from '../../../models/random.ts';
import { calibrate, trustedLabels } from '../../../audit/ranking/calibrate.ts';
import { expectedDice, readCalibration } from '../../../audit/ranking/calibration.ts';
import type { PlantedScore } from '../../../audit/scoring/types.ts';
import type { LabelScore } from '../../../audit/store/types.ts';

/** Makes scores as from a segmenter that errs by a few per cent, with noise on every score. */
class World {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random('world', seed);
  }

  /** The score of a label whose dice with the truth is `dice`. @param model the segmenter's own dice */
  score(id: string, structure: string, dice: number, model = 0.95): LabelScore {
    const random = this.#random;
    const clip = (value: number): number => Math.min(Math.max(value, 0), 1);
    const agreement = clip(dice * (model + 0.012 * random.boundedNormal()));
    return {
      case: id,
      structure,
      mask: `${id}${structure}`,
      caseScore: dice + 0.05 * random.boundedNormal(),
      learned: 4 * dice + 0.3 * random.boundedNormal(),
      dice: agreement,
      disagreement: clip(1 - agreement + 0.01 * random.boundedNormal()),
      softmin: clip(0.1 + 0.3 * agreement + 0.02 * random.boundedNormal()),
      area: 0.1,
      proposalArea: 0.1 * clip(agreement + 0.02 * random.boundedNormal()),
      boundary: agreement < 0.05 ? null : 20 * (1 - agreement) + random.boundedNormal(),
      boundaryOff: clip(3 * (1 - agreement) + 0.05 * random.boundedNormal()),
    };
  }

  /** Labels of which `share` are wrong, from mildly to grossly; the others equal the truth. */
  labels(count: number, structure: string, share: number, model?: number) {
    return Array.from({ length: count }, (_, i) => {
      const wrong = i < Math.round(share * count);
      const dice = wrong ? this.#random.uniform(0.3, 0.95) : 1;
      return { truth: dice, score: this.score(`c${i}`, structure, dice, model) };
    });
  }

  planted(trusted: readonly LabelScore[], each: number, model?: number): PlantedScore[] {
    return trusted.flatMap(({ case: id, structure }) =>
      Array.from({ length: each }, () => {
        const dice = this.#random.uniform(0, 1);
        return { dice, score: this.score(id, structure, dice, model) };
      }),
    );
  }
}

const nameOf = ({ case: id, structure }: LabelScore): string => `${id}\0${structure}`;

describe('the dice that a label is expected to have with the truth', () => {
  it.each([0.05, 0.25, 0.5, 0.75])(
    'is near the true dice if the share of wrong labels is %d',
    (share) => {
      const world = new World(share * 100);
      const labels = world.labels(300, 'lung', share);
      const scores = labels.map(({ score }) => score);
      const trusted = trustedLabels(scores);
      const right = scores.filter((score) => trusted.has(nameOf(score)));
      const calibration = calibrate(scores, trusted, world.planted(right, 9));
      const told = labels.map(({ truth, score }) => ({
        truth,
        ...expectedDice(calibration, score)!,
      }));
      const off = (of: typeof told): number =>
        of.reduce((sum, { truth, dice }) => sum + Math.abs(truth - dice), 0) / of.length;
      const wrong = told.filter(({ truth }) => truth < 0.95);
      expect(off(told)).toBeLessThan(0.03);
      expect(off(wrong)).toBeLessThan(0.06);
      const covered = (of: typeof told): number =>
        of.filter(({ truth, low, high }) => low <= truth && truth <= high).length / of.length;
      expect(covered(told)).toBeGreaterThan(0.82);
      expect(covered(wrong)).toBeGreaterThan(0.75);
      for (const { dice, low, high } of told) {
        expect(low).toBeLessThanOrEqual(high);
        expect(dice).toBeLessThanOrEqual(1);
        expect(dice).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('is near 1 for correct labels of a structure on which the segmenter is always worse', () => {
    const world = new World(7);
    const [lungs, clavicles] = [
      world.labels(200, 'lung', 0.2, 0.97),
      world.labels(200, 'clavicle', 0.2, 0.85),
    ];
    const scores = [...lungs, ...clavicles].map(({ score }) => score);
    const trusted = trustedLabels(scores);
    const right = scores.filter((score) => trusted.has(nameOf(score)));
    const planted = [
      ...world.planted(
        right.filter(({ structure }) => structure === 'lung'),
        9,
        0.97,
      ),
      ...world.planted(
        right.filter(({ structure }) => structure === 'clavicle'),
        9,
        0.85,
      ),
    ];
    const calibration = calibrate(scores, trusted, planted);
    for (const structure of ['lung', 'clavicle']) {
      const good = scores.filter((one) => one.structure === structure).slice(60);
      const mean =
        good.reduce((sum, score) => sum + expectedDice(calibration, score)!.dice, 0) / good.length;
      expect(mean).toBeGreaterThan(0.96);
    }
  });

  it('is null for too few labels, for other structures, and without a segmenter', () => {
    const world = new World(1);
    const few = world.labels(10, 'lung', 0).map(({ score }) => score);
    const trusted = trustedLabels(few);
    const nothing = calibrate(few, trusted, world.planted(few, 9));
    expect(expectedDice(nothing, few[0])).toBeNull();

    const many = world.labels(40, 'lung', 0).map(({ score }) => score);
    const some = calibrate(many, trustedLabels(many), world.planted(many, 9));
    expect(expectedDice(some, many[0])).not.toBeNull();
    expect(expectedDice(some, { ...many[0], structure: 'heart' })).toBeNull();
    expect(expectedDice(some, { ...many[0], disagreement: null })).toBeNull();
    expect(expectedDice(null, many[0])).toBeNull();
  });

  it('survives storing the calibration as JSON; a calibration of another version is null', () => {
    const world = new World(2);
    const labels = world.labels(60, 'lung', 0.3).map(({ score }) => score);
    const made = calibrate(labels, trustedLabels(labels), world.planted(labels, 5));
    expect(readCalibration(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(readCalibration({ ...made, version: 2 })).toBeNull();
    expect(readCalibration(null)).toBeNull();
  });
});

describe('the labels that are assumed to be right', () => {
  it('are the best fifth of each structure, or ten, without those that a person found wrong', () => {
    const world = new World(3);
    const labels = world.labels(100, 'lung', 0.3);
    const scores = labels.map(({ score }) => score);
    const trusted = trustedLabels(scores);
    expect(trusted.size).toBe(20);
    const wrong = labels.filter(({ truth }) => truth < 1);
    expect(wrong.filter(({ score }) => trusted.has(nameOf(score)))).toEqual([]);
    expect(trustedLabels(scores.slice(0, 30)).size).toBe(10);
    expect(trustedLabels(scores.slice(0, 8)).size).toBe(4);

    const [best] = trusted;
    const said = trustedLabels(scores, (id, structure) => `${id}\0${structure}` === best);
    expect(said.has(best)).toBe(false);
  });
});
