/** Finds the place to look at: where a label and the segmenter's proposal differ most. */
import type { Place } from '../contract/terms.ts';
import { components } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';

/** The pixels that are inside one of two masks of the same size, but not inside both. */
const difference = (a: Mask, b: Mask): Mask => ({
  width: a.width,
  height: a.height,
  data: a.data.map((v, i) => (v === b.data[i] ? 0 : 1)),
});

/**
 * The centre and the box of the largest component of the difference between label and proposal, as shares of
 * the image's width and height. If the label is empty, this is the proposal's largest component; if the
 * proposal is empty, the label's.
 * @returns null if the two are equal
 */
export function placeOf(label: Mask, proposal: Mask): Place | null {
  const { width, height } = label;
  const { components: parts, labels } = components(difference(label, proposal));
  if (parts.length === 0) return null;
  const largest = parts.reduce((most, part) => (part.area > most.area ? part : most));
  const { left, top, right, bottom, area } = largest;
  let [x, y] = [0, 0];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      if (labels[row * width + column] !== largest.label) continue;
      x += column + 0.5;
      y += row + 0.5;
    }
  }
  return {
    x: x / area / width,
    y: y / area / height,
    left: left / width,
    top: top / height,
    width: (right - left + 1) / width,
    height: (bottom - top + 1) / height,
  };
}
