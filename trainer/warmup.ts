/**
 * Decides when the QAM joins: not before the segmenter has learned every structure. From blurred
 * predictions the QAM would learn that large masks are good masks, the segmenter would then draw larger
 * masks, and both would confirm each other. How long the segmenter needs depends on the data, so its
 * training loss decides.
 */

/** The shortest warm-up, in epochs and in steps. */
const FEWEST_EPOCHS = 3;
const FEWEST_STEPS = 150;
/** The longest warm-up, as a share of the training: the QAM needs the rest. */
const LARGEST_SHARE = 0.6;
/** A structure has settled if its loss fell by less than this in each of the last two epochs … */
const SETTLED = 0.02;
const SETTLED_EPOCHS = 2;
/** … and is no more than this. If the segmenter draws nothing yet, the loss does not fall either. */
const DRAWN = 0.6;

/**
 * @param history per warm-up epoch the mean soft dice loss of every structure on the drawn training labels
 * @returns why the warm-up may end now, or null to go on
 */
export function warmedUp(
  history: readonly (readonly number[])[],
  epochs: number,
  stepsPerEpoch: number,
): string | null {
  const done = history.length;
  if (done >= Math.floor(epochs * LARGEST_SHARE)) return 'the longest warm-up allowed is over';
  if (done < FEWEST_EPOCHS || done * stepsPerEpoch < FEWEST_STEPS) return null;
  if (done <= SETTLED_EPOCHS) return null;
  const recent = history.slice(-SETTLED_EPOCHS - 1);
  const settled = recent[0].every(
    (_, structure) =>
      recent[SETTLED_EPOCHS][structure] <= DRAWN &&
      recent
        .slice(1)
        .every((losses, index) => recent[index][structure] - losses[structure] < SETTLED),
  );
  return settled ? 'the segmenter has settled on every structure' : null;
}
