/**
 * Scores labels with one or several pairs of networks. Where a run has several, a label gets the mean of what
 * the pairs that learned from its case say: of a case that it has not learned from, a segmenter also misses
 * what is there, and a right label would look wrong.
 */
import { PairScore, harshestPair } from '../contract/pair-score.ts';
import { mean } from '../../models/statistics.ts';
import type { LabelScore } from '../store/types.ts';
import { scoreLabels } from './labels.ts';
import { openNetworks } from './networks.ts';
import type { ModelShape, Networks } from './networks.ts';
import { plantErrors } from './plant.ts';
import type { PlantOptions } from './plant.ts';
import type { PreparedCase } from './prepare.ts';
import type { OwnScore, PairFiles, PlantedScore } from './types.ts';

interface OpenPair {
  readonly networks: Networks;
  readonly heldOut: ReadonlySet<string>;
}

/** The open networks of a run, or of a model from elsewhere. */
export class OpenPairs {
  readonly #pairs: readonly OpenPair[];

  private constructor(pairs: readonly OpenPair[]) {
    this.#pairs = pairs;
  }

  /** @throws UserError when a file is not a network of its kind, or two do not belong together. */
  static async open(files: readonly PairFiles[]): Promise<OpenPairs> {
    const pairs: OpenPair[] = [];
    try {
      for (const { qam, segmenter, heldOut } of files) {
        pairs.push({
          networks: await openNetworks(qam, segmenter),
          heldOut: new Set(heldOut),
        });
      }
    } catch (error) {
      await new OpenPairs(pairs).close();
      throw error;
    }
    return new OpenPairs(pairs);
  }

  /** The pairs of a run have the same shape. */
  get shape(): ModelShape {
    return this.#pairs[0].networks;
  }

  /** Scores the present labels of a few cases, as `scoreLabels` does. */
  async scoreLabels(cases: readonly PreparedCase[]): Promise<LabelScore[]> {
    const said: LabelScore[][] = [];
    for (const { networks } of this.#pairs) said.push(await scoreLabels(networks, cases));
    return said[0].map((_, index) => {
      const own = this.#judges(said.map((scores) => scores[index]));
      return { ...joined(own), caseScore: mean(own.map(({ caseScore }) => caseScore)) };
    });
  }

  /** Plants errors and scores them, as `plantErrors` does. */
  async plantErrors(options: PlantOptions): Promise<PlantedScore[]> {
    const said: PlantedScore[][] = [];
    for (const [index, { networks }] of this.#pairs.entries()) {
      const onProgress = (done: number, total: number): void =>
        options.onProgress?.(index * total + done, this.#pairs.length * total);
      said.push(await plantErrors(networks, { ...options, onProgress }));
    }
    // The same errors are planted for every pair: the random choices depend on names alone.
    return said[0].map((first, index) => ({
      ...first,
      score: joined(this.#judges(said.map((planted) => planted[index].score))),
    }));
  }

  async close(): Promise<void> {
    for (const { networks } of this.#pairs) await networks.close();
  }

  /** What the pairs say that learned from the label's case; what all pairs say if none did. */
  #judges<Score extends OwnScore>(said: readonly Score[]): readonly Score[] {
    return judgesOf(said, (index) => this.#pairs[index].heldOut.has(said[0].case));
  }
}

/** What belongs to the pairs that learned from a case; what belongs to all pairs, if none did. */
export function judgesOf<One>(
  ofPairs: readonly One[],
  heldOut: (pair: number) => boolean,
): readonly One[] {
  const learned = ofPairs.filter((_, index) => !heldOut(index));
  return learned.length > 0 ? learned : ofPairs;
}

/**
 * Joins the scores that several pairs give one label: the mean of every number, and the kind and the place of
 * the error by the pair that agrees least with the label.
 */
export function joined(said: readonly OwnScore[]): OwnScore {
  if (said.length === 1) return said[0];
  const meanOf = (value: (score: OwnScore) => number | null): number | null => {
    const known = said.map(value).filter((one) => one !== null);
    return known.length === 0 ? null : mean(known);
  };
  return {
    ...said[harshestPair(said)],
    learned: mean(said.map(({ learned }) => learned)),
    dice: meanOf(({ dice }) => dice),
    disagreement: meanOf(({ disagreement }) => disagreement),
    softmin: meanOf(({ softmin }) => softmin),
    proposalArea: meanOf(({ proposalArea }) => proposalArea),
    boundary: meanOf(({ boundary }) => boundary),
    boundaryOff: meanOf(({ boundaryOff }) => boundaryOff),
    pairs: said.map((score) => PairScore.parse(score)),
  };
}
