/**
 * When does the QAM join? Not before the segmenter segments: from a blurred prediction it learns that
 * large masks are good masks, the segmenter follows, and both confirm each other. The length that is
 * enough depends on the data, so it is read off the segmenter's own loss on its training labels.
 */

/** Never sooner than this many epochs, nor this many steps. */
const FEWEST_EPOCHS = 3;
const FEWEST_STEPS = 150;
/** Warm-up may take this share of a training at the most: the QAM needs the rest. */
const LARGEST_SHARE = 0.6;
/** A structure counts as learned when its loss fell less than this in each of the last epochs. */
const SETTLED = 0.02;
const SETTLED_EPOCHS = 2;

/**
 * @param history per warm-up epoch the mean soft dice loss of every structure on the training labels
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
  const settled = recent[0].every((_, structure) =>
    recent
      .slice(1)
      .every((losses, index) => recent[index][structure] - losses[structure] < SETTLED),
  );
  return settled ? 'the segmenter has settled on every structure' : null;
}
