/**
 * Says which labels are errors: those whose dice with the true mask is below the reader noise, which is
 * the dice that two readers of the same image commonly reach with each other. Readers agree less on a
 * heart than on a lung, so every structure has its own threshold.
 */
import { UsageError } from '../errors.ts';

/** Default thresholds of the dice below which a label is an error; figures are given for each of them. */
export const ERROR_LEVELS: readonly number[] = [0.95, 0.9, 0.85];

/**
 * The thresholds of structures whose readers were compared; `docs/method.md` has the table. Two
 * physicians corrected the outlines of the same 305 X-rays: the dice between their outlines is below .95
 * for 18 % of the lungs, and below .90 for 17 % of the hearts. For clavicles only the mean dice is known:
 * .945 (van Ginneken, Stegmann and Loog 2006, table 1), close to the mean of hearts, .938.
 */
const READERS: Readonly<Record<string, number>> = { lung: 0.95, heart: 0.9, clavicle: 0.9 };

/** The threshold of all other structures, whose readers were not compared. */
const OTHERS = 0.9;

/** The dice below which a label is an error: one for all structures, or one for each, by its name. */
export type ErrorBelow = number | Readonly<Record<string, number>>;

/** The reader noise of a structure, whose name may be a plural and may begin with `left` or `right`. */
function readerDice(structure: string): number {
  const known = /^(?:(?:left|right)[ _-])?([a-z]+?)s?$/.exec(structure.toLowerCase())?.[1] ?? '';
  return Object.hasOwn(READERS, known) ? READERS[known] : OTHERS;
}

/** The threshold of a structure: the one in `given`, or else the reader noise. */
export function errorDice(structure: string, given: ErrorBelow = {}): number {
  if (typeof given === 'number') return given;
  return Object.hasOwn(given, structure) ? given[structure] : readerDice(structure);
}

/**
 * The thresholds of all structures, by name.
 * @throws UsageError when `given` names a structure that is not in `structures`
 */
export function errorDices(
  structures: readonly string[],
  given: ErrorBelow = {},
): Record<string, number> {
  const names = typeof given === 'number' ? [] : Object.keys(given);
  const stray = names.find((name) => !structures.includes(name));
  if (stray !== undefined) {
    throw new UsageError(
      `There is no structure "${stray}": give thresholds of ${structures.join(', ')}.`,
    );
  }
  return Object.fromEntries(structures.map((name) => [name, errorDice(name, given)]));
}
