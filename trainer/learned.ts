/**
 * Says which structures the segmenter has learned. Labels of other structures cannot be judged by it. The
 * segmenter does not learn a structure that few images show, or whose place the image does not reveal: it
 * draws nothing, or it draws the training labels from memory. Held-out labels show both failures.
 */
import { mean } from '../models/statistics.ts';
import type { LearnedReport } from './messages.ts';
import type { CaseView } from './views.ts';

/** The least number of drawn, held-out labels from which to judge whether a structure was learned. */
const FEWEST_HELD_OUT = 3;
/**
 * The least mean dice with drawn labels for a structure to count as learned. The mean is over the held-out
 * labels, or over all drawn ones if too few are held out. In our tests the dice with held-out labels was a
 * few hundredths after masks had been shuffled over the images, and a third for the hardest structures.
 */
const LEAST_DICE = 0.12;
/**
 * If too few labels are held out and most labels of a structure are empty: the least number of drawn labels
 * for the structure to count as learned.
 */
const FEWEST_TRAINED = 12;

/**
 * @param cases the cases that were trained on or held out
 * @param heldOut the indices, in the sample set, of the cases that were held out
 * @param names the names of the structures
 */
export function judgeLearned(
  cases: readonly CaseView[],
  heldOut: ReadonlySet<number>,
  names: readonly string[],
): LearnedReport[] {
  return names.map((name, structure) => {
    const labels = cases.flatMap((view) =>
      view.labels
        .filter((label) => label.structure === structure)
        .map(({ area, dice }) => ({ area, dice, held: heldOut.has(view.index) })),
    );
    const drawn = labels.filter(({ area }) => area > 0);
    const diceOf = (held: boolean): number[] =>
      drawn.filter((label) => label.held === held).map(({ dice }) => dice);
    const checked = diceOf(true).length >= FEWEST_HELD_OUT;
    const dice =
      drawn.length === 0 ? null : mean(checked ? diceOf(true) : drawn.map((one) => one.dice));
    const why = reasonOf();
    return {
      structure: name,
      learned: why === null,
      drawn: drawn.length,
      dice,
      heldOut: checked,
      why,
    };

    function reasonOf(): string | null {
      if (dice === null) return `no label of the ${name} is drawn`;
      // With at least half of the labels drawn, the structure counts as learned here: `collapse.ts` notices
      // if the segmenter draws nothing.
      if (!checked && drawn.length >= labels.length / 2) return null;
      if (!checked && drawn.length < FEWEST_TRAINED) {
        return `only ${drawn.length} of its labels ${drawn.length === 1 ? 'is' : 'are'} drawn`;
      }
      if (dice >= LEAST_DICE) return null;
      return checked
        ? `the segmenter does not find the ${name} in images that it was not trained on (dice ${dice.toFixed(2)})`
        : `the segmenter does not find the ${name} (dice ${dice.toFixed(2)})`;
    }
  });
}
