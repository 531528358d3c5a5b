/**
 * Says which structures the segmenter has learned. It can only judge the labels of these. A structure that
 * few images show, or that lies where nothing in the image says so, stays unlearned: the segmenter draws
 * nothing, or draws by heart what the training labels say. Held-out labels tell both.
 */
import { mean } from '../models/statistics.ts';
import type { LearnedReport } from './messages.ts';
import type { CaseView } from './views.ts';

/** So many drawn labels that were held out can tell whether a structure was learned. */
const FEWEST_HELD_OUT = 3;
/**
 * The least mean dice with the drawn labels: with those that were held out, or with all where too few
 * were. Masks that were shuffled over the images reach a few hundredths with held-out labels; the hardest
 * structures that were learned in our tests, a third.
 */
const LEAST_DICE = 0.12;
/** Without held-out labels: the least number of drawn labels of a structure that most images lack. */
const FEWEST_TRAINED = 12;

/**
 * @param cases the cases that were trained on or held out
 * @param heldOut the indices of those that were held out
 * @param names the names of the structures
 */
export function judgeLearned(
  cases: readonly CaseView[],
  heldOut: ReadonlySet<number>,
  names: readonly string[],
): LearnedReport[] {
  return names.map((name, structure) => {
    const drawn = cases.flatMap(({ index, labels }) =>
      labels
        .filter((label) => label.structure === structure && label.area > 0)
        .map(({ dice }) => ({ dice, held: heldOut.has(index) })),
    );
    const diceOf = (held: boolean): number[] =>
      drawn.filter((label) => label.held === held).map(({ dice }) => dice);
    const checked = diceOf(true).length >= FEWEST_HELD_OUT;
    const dice =
      drawn.length === 0 ? null : mean(checked ? diceOf(true) : drawn.map((one) => one.dice));
    const all = cases.flatMap(({ labels }) =>
      labels.filter((label) => label.structure === structure),
    ).length;
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
      // Where most labels are drawn, `collapse.ts` sees a segmenter that does not draw them.
      if (!checked && drawn.length >= all / 2) return null;
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
