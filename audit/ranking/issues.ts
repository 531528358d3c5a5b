/**
 * Counts the pixel issues of a label: the pixels that confident learning takes as wrong. It follows the
 * Python package cleanlab (`segmentation.rank.get_label_quality_scores`, method `num_pixel_issues`;
 * Northcutt, Jiang, Chuang, JAIR 2021). A structure's sigmoid gives two classes, outside and inside.
 */

/** cleanlab's margin for comparing probabilities, and its lowest threshold. */
const MARGIN = 1e-6;
const LOWEST_THRESHOLD = 2e-6;

/**
 * The pixels of all images whose given class is less likely than the other class; each list has one entry
 * for each of these pixels.
 */
interface Candidates {
  readonly image: number[];
  /** Probability of the given class, 0 … 0.5. */
  readonly confidence: number[];
  /** The class that the network finds likelier than the given one: 1 inside, 0 outside. */
  readonly instead: number[];
}

/** Finds the pixel issues of one structure: call `observe` for each of its labels, then `scores`. */
export class PixelIssues {
  readonly #candidates: Candidates = { image: [], confidence: [], instead: [] };
  readonly #pixels: number[] = [];
  /**
   * For each class (outside, inside): the number of its labelled pixels, and the sum of the class's
   * probability over them.
   */
  readonly #count = [0, 0];
  readonly #sum = [0, 0];

  /**
   * @param label 0 or 1 for each pixel
   * @param probabilities the probability of inside, 0 … 1 for each pixel
   */
  observe(label: ArrayLike<number>, probabilities: ArrayLike<number>): void {
    if (label.length !== probabilities.length) {
      throw new RangeError(`${label.length} labels, ${probabilities.length} probabilities`);
    }
    const image = this.#pixels.length;
    this.#pixels.push(label.length);
    const { image: images, confidence, instead } = this.#candidates;
    for (let i = 0; i < label.length; i += 1) {
      const p = probabilities[i];
      const given = label[i] !== 0 ? 1 : 0;
      const own = given === 1 ? p : 1 - p;
      this.#count[given] += 1;
      this.#sum[given] += own;
      // The likelier class; outside if both are equally likely.
      const likelier = p > 1 - p ? 1 : 0;
      if (likelier === given) continue;
      images.push(image);
      confidence.push(own);
      instead.push(likelier);
    }
  }

  /** @returns for each image, in the order observed, the share of its pixels without an issue, 0 … 1 */
  scores(): number[] {
    const { image, confidence, instead } = this.#candidates;
    const thresholds = this.#sum.map(
      (sum, k) => Math.max(LOWEST_THRESHOLD, sum / Math.max(1, this.#count[k])) - MARGIN,
    );
    let issues = 0;
    for (let c = 0; c < confidence.length; c += 1) {
      if (1 - confidence[c] >= thresholds[instead[c]]) issues += 1;
    }
    // The thresholds give only the number of issues. The issues are that many candidates with the lowest
    // confidence, whatever their class.
    const order = Uint32Array.from(confidence.keys()).sort(
      (a, b) => confidence[a] - confidence[b] || a - b,
    );
    const found = new Array<number>(this.#pixels.length).fill(0);
    for (const c of order.subarray(0, issues)) found[image[c]] += 1;
    return found.map((count, i) => 1 - count / this.#pixels[i]);
  }
}
