/**
 * The number of pixel issues: how many pixels of a label confident learning takes for wrong. As the
 * Python package cleanlab counts them (`segmentation.rank.get_label_quality_scores`, method
 * `num_pixel_issues`; Northcutt, Jiang, Chuang, JAIR 2021), with a structure's sigmoid taken as two
 * classes, outside and inside.
 */

/** cleanlab's margin for comparing probabilities, and the least a threshold may be. */
const MARGIN = 1e-6;
const LOWEST_THRESHOLD = 2e-6;

/** The pixels of all images whose label is less likely than its opposite. */
interface Candidates {
  readonly image: number[];
  /** Probability of what the label says, 0 … 0.5. */
  readonly confidence: number[];
  /** What the network says instead: 1 inside, 0 outside. */
  readonly instead: number[];
}

/** Counts over all labels of one structure: `observe` each image's, then `scores`. */
export class PixelIssues {
  readonly #candidates: Candidates = { image: [], confidence: [], instead: [] };
  readonly #pixels: number[] = [];
  /** Of each class (outside, inside): pixels so labelled, and the sum of its probability there. */
  readonly #count = [0, 0];
  readonly #sum = [0, 0];

  /**
   * @param label 0 or 1 a pixel
   * @param probabilities of inside, 0 … 1 a pixel, same length
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
      // The likelier class; as likely as each other, it is the first, outside.
      const likelier = p > 1 - p ? 1 : 0;
      if (likelier === given) continue;
      images.push(image);
      confidence.push(own);
      instead.push(likelier);
    }
  }

  /** @returns of each image, in the order observed, the share of its pixels without an issue, 0 … 1 */
  scores(): number[] {
    const { image, confidence, instead } = this.#candidates;
    const thresholds = this.#sum.map(
      (sum, k) => Math.max(LOWEST_THRESHOLD, sum / Math.max(1, this.#count[k])) - MARGIN,
    );
    let issues = 0;
    for (let c = 0; c < confidence.length; c += 1) {
      if (1 - confidence[c] >= thresholds[instead[c]]) issues += 1;
    }
    // That many pixels, the least confident ones, whatever class they are of.
    const order = Uint32Array.from(confidence.keys()).sort(
      (a, b) => confidence[a] - confidence[b] || a - b,
    );
    const found = new Array<number>(this.#pixels.length).fill(0);
    for (const c of order.subarray(0, issues)) found[image[c]] += 1;
    return found.map((count, i) => 1 - count / this.#pixels[i]);
  }
}
