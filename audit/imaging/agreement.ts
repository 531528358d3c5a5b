/**
 * Two measures of how well a label agrees with the segmenter's probabilities. Each is computed from the
 * pixels of one structure alone, so small structures count as much as large ones.
 */

/**
 * `s` in the formula of `softDiceLoss`: makes the loss of two empty planes 0. It has the weight of one
 * pixel, which is little.
 */
const SMOOTH = 1;

function assertSameLength(label: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  if (label.length !== probabilities.length || label.length === 0) {
    throw new RangeError(`${label.length} label pixels, ${probabilities.length} probabilities`);
  }
}

/**
 * Soft dice loss, 1 − (2·Σpy + s) / (Σp + Σy + s) with s = 1 (Milletari 2016, the linear form).
 * @param label y: 0 or 1 for each pixel
 * @param probabilities p: 0 … 1 for each pixel
 * @returns 0 (full agreement) … 1
 */
export function softDiceLoss(label: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  assertSameLength(label, probabilities);
  let both = 0;
  let sum = 0;
  for (let i = 0; i < label.length; i += 1) {
    const p = probabilities[i];
    if (label[i] !== 0) {
      both += p;
      sum += 1;
    }
    sum += p;
  }
  return 1 - (2 * both + SMOOTH) / (sum + SMOOTH);
}

/**
 * Softmin of the pixels' self-confidence s, which is p inside the label and 1 − p outside. The result is
 * Σ s·softmax((1 − s) / temperature), so the least confident pixels weigh most. Source: the Python
 * package cleanlab (`segmentation.rank.get_label_quality_scores`, method `softmin`), where the
 * structure's sigmoid p gives two classes, inside and outside.
 * @param label 0 or 1 for each pixel
 * @param probabilities p: 0 … 1 for each pixel
 * @returns 0 … 1, higher is better
 */
export function softmin(
  label: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  temperature = 0.1,
): number {
  assertSameLength(label, probabilities);
  let top = 0;
  let bottom = 0;
  for (let i = 0; i < label.length; i += 1) {
    const s = label[i] !== 0 ? probabilities[i] : 1 - probabilities[i];
    // The weight is at most exp(1 / temperature), so it cannot overflow and no maximum is subtracted.
    const weight = Math.exp((1 - s) / temperature);
    top += s * weight;
    bottom += weight;
  }
  return top / bottom;
}
