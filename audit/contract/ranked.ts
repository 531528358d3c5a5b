/** Words for the number that orders a ranking and for what is held against its model. Pure. */
import type { RankedBy } from './api.ts';
import type { RankNumber } from './terms.ts';
import { listed, titled } from './words.ts';

/**
 * A label or case with an expected dice below `bad` is probably wrong; below `doubtful` two careful readers
 * differ.
 */
export const SUSPICIOUS = { bad: 0.85, doubtful: 0.93 } as const;

/** For example the title of an axis. */
export const NUMBER_NAMES: Readonly<Record<RankNumber, string>> = {
  expected: 'expected dice',
  agreement: 'agreement with the model',
  learned: 'learned score',
  softmin: 'softmin',
};

/** In one word, for a row or the head of a narrow column. */
export const NUMBER_SHORT: Readonly<Record<RankNumber, string>> = {
  expected: 'expected',
  agreement: 'agreement',
  learned: 'learned',
  softmin: 'softmin',
};

/** The heads of a column of numbers for machines. */
export const NUMBER_COLUMNS: Readonly<Record<RankNumber, string>> = {
  expected: 'expected_dice',
  agreement: 'agreement',
  learned: 'learned_score',
  softmin: 'softmin_score',
};

/** Whether the number is a dice, to which `SUSPICIOUS` applies. */
export const isDice = (number: RankNumber): boolean =>
  number === 'expected' || number === 'agreement';

/** Says which number stands in for the expected dice, and why; null if none does. */
export function standInInWords({ by, number, uncalibrated }: RankedBy): string | null {
  if (by !== 'combined') return null;
  if (number === 'learned') {
    return 'These scores come from a QAM alone: each number is its learned score, not a dice.';
  }
  if (number === 'agreement') {
    return (
      'These networks have no calibration: each number is the agreement with the model (soft dice), ' +
      'not the expected dice with the truth.'
    );
  }
  if (uncalibrated.length === 0) return null;
  return (
    `Too few labels of ${listed(uncalibrated)} are alike for a calibration: where the expected dice is ` +
    'unknown, the agreement with the model (soft dice) stands in.'
  );
}

/** Something that a person must know of a ranking. `warning`: do not trust it without a check. */
export interface RankedNote {
  readonly tone: 'warning' | 'note';
  /** In a few words, where there is no room for the sentence. */
  readonly short: string;
  readonly text: string;
}

/**
 * What a person must know of a ranking: a collapse, a person's choice, the structures that are not ranked, and the number that
 * stands in for the expected dice.
 * @param nameOf names a run, for example `run 3`
 */
export function rankedNotes(
  ranked: RankedBy,
  nameOf: (run: string) => string = (run) => `run ${run}`,
): RankedNote[] {
  const { model, collapse, passedOver, chosen, unlearned } = ranked;
  const notes: RankedNote[] = [];
  if (collapse !== null) {
    notes.push({
      tone: 'warning',
      short: 'The training that ranks collapsed',
      text: `The labels are ranked by ${nameOf(model)}. ${collapse}`,
    });
  }
  if (passedOver !== null) {
    notes.push({
      tone: 'warning',
      short: 'The newest training collapsed',
      text:
        `The labels are still ranked by ${nameOf(model)}, because ${nameOf(passedOver.run)} ` +
        `collapsed. ${passedOver.collapse}`,
    });
  }
  if (chosen) {
    notes.push({
      tone: 'note',
      short: 'A chosen run ranks',
      text: 'A person chose the run that ranks now. The next training that does not collapse takes over.',
    });
  }
  for (const { structure, why } of unlearned) {
    notes.push({
      tone: 'warning',
      short: `Not learned: ${structure}`,
      text: `The labels of the ${structure} are not ranked, because it was not learned: ${why}.`,
    });
  }
  const standIn = standInInWords(ranked);
  if (standIn !== null) notes.push({ tone: 'note', short: 'Without a calibration', text: standIn });
  return notes;
}

/**
 * Says why a label or a case has no rank, in one sentence.
 * @param ranked null if nothing was scored yet
 * @param structures of the label, or of the case's labels that are not absent
 */
export function unrankedInWords(ranked: RankedBy | null, structures: readonly string[]): string {
  if (structures.length === 0) return 'It has no label: draw one.';
  if (ranked === null) return 'Nothing was scored yet: train first.';
  const held = ranked.unlearned.filter(({ structure }) => structures.includes(structure));
  if (held.length === structures.length) {
    const reasons = held.map(({ structure, why }) => `the ${structure} was not learned: ${why}`);
    return `${titled(reasons.join('; '))}.`;
  }
  return 'Nobody had drawn it when the networks last looked.';
}
