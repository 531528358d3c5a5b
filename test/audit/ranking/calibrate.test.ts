import { describe, expect, it } from 'vitest';
import { Random } from '../../../models/random.ts';
import { calibrate, trustedLabels } from '../../../audit/ranking/calibrate.ts';
import {
  dot,
  expectedDice,
  featuresOf,
  readCalibration,
} from '../../../audit/ranking/calibration.ts';
import { joined } from '../../../audit/scoring/pairs.ts';
import type { PlantedScore } from '../../../audit/scoring/types.ts';
import type { LabelScore } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

/** Makes scores as if the segmenter's masks were right except for a few per cent. Every score has noise. */
class World {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random('world', seed);
  }

  /**
   * The scores that networks would give to a label.
   * @param dice the label's dice with the truth
   * @param model the segmenter's mean dice with a right label
   */
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
      kind: null,
      place: null,
    };
  }

  /**
   * Makes `count` labels: the first `share` of them are errors from mild to gross, and the others are right.
   */
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
        return { kind: 'eroded' as const, dice, score: this.score(id, structure, dice, model) };
      }),
    );
  }
}

const nameOf = ({ case: id, structure }: LabelScore): string => `${id}\0${structure}`;

describe('the dice a label is expected to have with the truth', () => {
  it.each([0.05, 0.25, 0.5, 0.75])('is right for %d of the labels wrong', (share) => {
    const told = [0, 1, 2, 3].flatMap((seed) => {
      const world = new World(share * 100 + seed);
      const labels = world.labels(300, 'lung', share);
      const scores = labels.map(({ score }) => score);
      const trusted = trustedLabels(scores);
      const right = scores.filter((score) => trusted.has(nameOf(score)));
      const calibration = calibrate(scores, trusted, world.planted(right, 9));
      return labels.map(({ truth, score }) => ({ truth, ...expectedDice(calibration, score)! }));
    });
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
      expect(low).toBeLessThanOrEqual(dice);
      expect(dice).toBeLessThanOrEqual(high);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeGreaterThanOrEqual(0);
    }
  });

  it('holds a structure against itself: what is usual for clavicles is no error', () => {
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

  it('is not told of too few labels, of other structures, or without a segmenter', () => {
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

  it('is kept as JSON, and of another version there is none', () => {
    const world = new World(2);
    const labels = world.labels(60, 'lung', 0.3).map(({ score }) => score);
    const made = calibrate(labels, trustedLabels(labels), world.planted(labels, 5));
    expect(readCalibration(JSON.parse(JSON.stringify(made)))).toEqual(made);
    expect(readCalibration({ ...made, version: 1 })).toBeNull();
    expect(readCalibration(null)).toBeNull();
  });
});

describe('the order by the expected dice', () => {
  const world = new World(11);
  const labels = world.labels(200, 'lung', 0.3).map(({ score }) => score);
  const trusted = trustedLabels(labels);
  const right = labels.filter((score) => trusted.has(nameOf(score)));
  const planted = world.planted(right, 9);

  it('is that of the index, without ties', () => {
    const calibration = calibrate(labels, trusted, planted);
    const { coefficients, learned } = calibration.structures['lung'].drawn;
    const placed = labels
      .map((score) => ({
        index: dot(featuresOf(score, learned)!, coefficients),
        ...expectedDice(calibration, score)!,
      }))
      .sort((a, b) => a.index - b.index);
    placed.slice(1).forEach(({ index, dice, low, high }, i) => {
      const before = placed[i];
      if (index > before.index) expect(dice).toBeGreaterThan(before.dice);
      expect(low).toBeGreaterThanOrEqual(before.low);
      expect(high).toBeGreaterThanOrEqual(before.high);
    });
  });

  it('is not spoilt by one right label that scores worse than any error', () => {
    const worst = planted.filter(({ dice }) => dice < 0.1).map(({ score }) => score);
    const told = (more: readonly PlantedScore[]): number => {
      const calibration = calibrate(labels, trusted, [...planted, ...more]);
      const dice = worst.map(
        (score) => expectedDice(calibration, { ...score, caseScore: 0 })!.dice,
      );
      return dice.reduce((sum, value) => sum + value, 0) / dice.length;
    };
    const odd = { kind: 'eroded', dice: 0.9, score: world.score('odd', 'lung', 0) } as const;
    expect(told([odd])).toBeLessThan(told([]) + 0.1);
  });
});

/** Scores of masses, which few images show: labels that are drawn, and labels that are empty. */
class Masses {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = new Random('masses', seed);
  }

  drawn(id: string, dice: number): LabelScore {
    const random = this.#random;
    const clip = (value: number): number => Math.min(Math.max(value, 0), 1);
    const agreement = clip(dice * (0.85 + 0.05 * random.boundedNormal()));
    return scoreOf(id, 'mass', {
      learned: 2 * dice + 0.3 * random.boundedNormal(),
      dice: agreement,
      disagreement: clip(1 - agreement + 0.02 * random.boundedNormal()),
      softmin: clip(0.1 + 0.4 * agreement + 0.05 * random.boundedNormal()),
      area: 0.02,
      proposalArea: 0.02 * clip(agreement + 0.1),
      boundary: agreement < 0.05 ? null : 20 * (1 - agreement),
      boundaryOff: clip(3 * (1 - agreement)),
    });
  }

  /**
   * Scores of an empty label. Its disagreement is high even if the segmenter draws no mass, since any trace
   * of probability spoils the soft dice.
   * @param seen whether the segmenter draws a mass
   */
  empty(id: string, seen: boolean): LabelScore {
    const random = this.#random;
    return scoreOf(id, 'mass', {
      learned: (seen ? -1 : 1) + 0.3 * random.boundedNormal(),
      dice: seen ? 0 : 1,
      disagreement: seen ? 0.998 : random.uniform(0.85, 0.95),
      softmin: seen ? random.uniform(0.1, 0.15) : random.uniform(0.8, 0.9),
      area: 0,
      proposalArea: seen ? random.uniform(0.015, 0.02) : 0,
      boundary: null,
      boundaryOff: seen ? 1 : null,
    });
  }

  /** The errors that are planted on a right label, with their scores. */
  planted({ case: id, area }: LabelScore): PlantedScore[] {
    if (area === 0) {
      const score = { ...this.drawn(id, 0), proposalArea: 0, boundary: null, boundaryOff: 1 };
      return [{ kind: 'invented', dice: 0, score }];
    }
    return [
      { kind: 'omitted', dice: 0, score: this.empty(id, true) },
      ...Array.from({ length: 10 }, (): PlantedScore => {
        const dice = this.#random.uniform(0, 1);
        return { kind: 'eroded', dice, score: this.drawn(id, dice) };
      }),
    ];
  }
}

describe.each([
  ['many drawn and many empty', 60, 120],
  ['few empty', 60, 5],
  ['more empty, but too few for a calibration of their own', 60, 12],
  ['too few drawn for planted omissions of their own', 18, 120],
  ['fewer drawn than a calibration needs', 12, 120],
])('the expected dice of a structure with labels of both kinds: %s', (_, count, empties) => {
  const masses = new Masses(count);
  const drawn = Array.from({ length: count }, (__, i) => masses.drawn(`drawn ${i}`, 1));
  const rightly = Array.from({ length: empties }, (__, i) => masses.empty(`empty ${i}`, false));
  const omitted = [masses.empty('omitted 1', true), masses.empty('omitted 2', true)];
  const invented = masses
    .planted(masses.empty('invented', false))
    .map(({ score }) => ({ ...score, caseScore: 0 }));
  const scores = [...drawn, ...rightly, ...omitted, ...invented];
  const trusted = trustedLabels(scores);
  const right = scores.filter((score) => trusted.has(nameOf(score)));
  const calibration = calibrate(
    scores,
    trusted,
    right.flatMap((score) => masses.planted(score)),
  );
  const told = (of: readonly LabelScore[]): number[] =>
    of.map((score) => expectedDice(calibration, score)!.dice);

  it('is near 1 of a label that is rightly empty, though its soft dice is poor', () => {
    expect(Math.min(...told(rightly))).toBeGreaterThan(0.9);
  });

  it('is near 0 of a label that was omitted, and of one that was invented', () => {
    expect(Math.max(...told(omitted))).toBeLessThan(0.15);
    expect(Math.max(...told(invented))).toBeLessThan(0.25);
  });

  it('is in the middle of an empty label in which one pair of networks sees something and the other does not', () => {
    const [seen, missed] = [true, false].map((sees) => masses.empty('one sees it', sees));
    const both = { ...joined([seen, missed]), caseScore: 0 };
    const [a, b, mean] = told([seen, missed, both]);
    expect(mean).toBeCloseTo((a + b) / 2, 9);
    expect(expectedDice(calibration, both)!.low).toBeLessThan(0.15);
    expect(expectedDice(calibration, both)!.high).toBeGreaterThan(0.9);
  });

  it('is near 1 of a label that is drawn right', () => {
    const dice = told(drawn);
    expect(dice.reduce((sum, value) => sum + value, 0) / dice.length).toBeGreaterThan(0.93);
  });
});

describe('the labels that are taken for right', () => {
  it('are the best fifth of each structure, ten at least, and none that a person found wrong', () => {
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

  it('are as many of the empty labels, by themselves', () => {
    const masses = new Masses(4);
    const drawn = Array.from({ length: 100 }, (_, i) => masses.drawn(`drawn ${i}`, 1));
    const empty = Array.from({ length: 50 }, (_, i) => masses.empty(`empty ${i}`, i < 10));
    const trusted = trustedLabels([...drawn, ...empty]);
    const counted = (of: readonly LabelScore[]): number =>
      of.filter((score) => trusted.has(nameOf(score))).length;
    expect(counted(drawn)).toBe(20);
    expect(counted(empty)).toBe(10);
    // The segmenter draws a mass in the first ten, so these empty labels are not taken for right.
    expect(counted(empty.slice(0, 10))).toBe(0);
  });
});
