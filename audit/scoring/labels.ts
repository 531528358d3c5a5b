/** Runs a batch of prepared cases through both networks, or a QAM alone, and scores each present label. */
import { signedBoundary, dice } from '../imaging/measure.ts';
import type { Mask } from '../imaging/types.ts';
import { softDiceLoss, softmin } from '../imaging/agreement.ts';
import type { LabelScore } from '../store/types.ts';
import { zScore } from '../../models/preprocess.ts';
import { qamChannels } from '../../models/qam.ts';
import { mean } from '../../models/statistics.ts';
import { kindOf } from './kind.ts';
import type { Networks } from './networks.ts';
import { placeOf } from './place.ts';
import type { PreparedCase } from './prepare.ts';
import type { OwnScore } from './types.ts';

/**
 * A pixel of the label's boundary is off if it lies further than this, in pixels at 256², from the proposal's
 * boundary.
 */
const OFF = 2;

/** The QAM's input for a batch: image planes, label planes, then the proposal if the QAM sees it. */
function qamInput(
  networks: Networks,
  images: Float32Array,
  plane: (item: number, structure: number) => Uint8Array,
  probabilities: Float32Array | null,
): Float32Array {
  const pixels = networks.width * networks.height;
  const n = networks.structures.length;
  const seen = networks.seesProposal ? probabilities : null;
  const planes = qamChannels(n, seen !== null);
  const batch = images.length / pixels;
  const input = new Float32Array(batch * planes * pixels);
  for (let item = 0; item < batch; item += 1) {
    const at = item * planes * pixels;
    input.set(images.subarray(item * pixels, (item + 1) * pixels), at);
    for (let s = 0; s < n; s += 1) input.set(plane(item, s), at + (s + 1) * pixels);
    const own = seen?.subarray(item * n * pixels, (item + 1) * n * pixels);
    if (own) input.set(own, at + (n + 1) * pixels);
  }
  return input;
}

/** The images as input of the networks, [batch, height, width], z-scored. */
export function networkImages(
  { width, height }: Networks,
  cases: readonly Pick<PreparedCase, 'sample'>[],
): Float32Array {
  const pixels = width * height;
  const images = new Float32Array(cases.length * pixels);
  cases.forEach(({ sample }, item) => {
    zScore(sample.image, images.subarray(item * pixels, (item + 1) * pixels));
  });
  return images;
}

/** Makes masks of probabilities: a pixel with at least 0.5 is inside. */
function threshold(probabilities: Float32Array): Uint8Array {
  const planes = new Uint8Array(probabilities.length);
  for (let i = 0; i < planes.length; i += 1) planes[i] = probabilities[i] >= 0.5 ? 1 : 0;
  return planes;
}

function share(plane: Uint8Array): number {
  let sum = 0;
  for (const value of plane) sum += value;
  return sum / plane.length;
}

type Compared = Pick<
  LabelScore,
  | 'dice'
  | 'disagreement'
  | 'softmin'
  | 'proposalArea'
  | 'boundary'
  | 'boundaryOff'
  | 'kind'
  | 'place'
>;

const NOTHING_TO_COMPARE: Compared = {
  dice: null,
  disagreement: null,
  softmin: null,
  proposalArea: null,
  boundary: null,
  boundaryOff: null,
  kind: null,
  place: null,
};

/**
 * Compares a label with the segmenter's proposal and probabilities, all width × height.
 * @param others the proposals for the other structures
 */
function compare(
  label: Mask,
  proposal: Mask,
  probabilities: Float32Array,
  others: readonly Mask[],
): Compared {
  // `scale` converts lengths from the networks' pixels to pixels at 256². It comes from the area, because the
  // networks' input need not be square.
  const scale = 256 / Math.sqrt(label.width * label.height);
  const distance = signedBoundary(label, proposal);
  return {
    dice: dice(label, proposal),
    disagreement: softDiceLoss(label.data, probabilities),
    softmin: softmin(label.data, probabilities),
    proposalArea: share(proposal.data),
    boundary: distance.mean === null ? null : distance.mean * scale,
    boundaryOff: distance.off(OFF / scale),
    kind: kindOf(label, proposal, others),
    place: placeOf(label, proposal),
  };
}

/** A few cases with the output of the segmenter. */
interface Segmented {
  readonly networks: Networks;
  readonly cases: readonly PreparedCase[];
  /** The segmenter's probabilities, [case, structure, height, width]; null without a segmenter. */
  readonly probabilities: Float32Array | null;
  readonly given: (item: number, structure: number) => Uint8Array;
  /** The mask that the segmenter draws; without a segmenter, the given label. */
  readonly proposal: (item: number, structure: number) => Uint8Array;
  readonly present: (item: number, structure: number) => boolean;
  /** Gives the QAM's scores of the cases with these planes as their labels. */
  readonly quality: (
    plane: (item: number, structure: number) => Uint8Array,
  ) => Promise<Float32Array>;
}

async function segmentCases(
  networks: Networks,
  cases: readonly PreparedCase[],
  segmented: Float32Array | null,
): Promise<Segmented> {
  const n = networks.structures.length;
  const pixels = networks.width * networks.height;
  const images = networkImages(networks, cases);
  const probabilities =
    segmented ?? (await networks.segmenter?.segment(images, cases.length)) ?? null;
  const proposed = probabilities === null ? null : threshold(probabilities);

  const given = (item: number, s: number): Uint8Array =>
    cases[item].sample.labels.subarray(s * pixels, (s + 1) * pixels);
  const proposal = (item: number, s: number): Uint8Array =>
    proposed?.subarray((item * n + s) * pixels, (item * n + s + 1) * pixels) ?? given(item, s);
  const present = (item: number, s: number): boolean => cases[item].task.masks[s] !== null;

  const quality: Segmented['quality'] = (plane) =>
    networks.quality(qamInput(networks, images, plane, probabilities), cases.length);
  return { networks, cases, probabilities, given, proposal, present, quality };
}

type OnCompared = (item: number, structure: number, probabilities: Float32Array) => void;

async function ownScores(seen: Segmented, onCompared: OnCompared = () => undefined) {
  const { networks, cases, probabilities, given, proposal, present, quality } = seen;
  const { width, height, structures, scores: k } = networks;
  const pixels = width * height;
  const n = structures.length;
  const learned: (Float32Array | null)[] = [];
  for (let s = 0; s < n; s += 1) {
    const some = cases.some((_, item) => present(item, s));
    const only = (item: number, other: number): Uint8Array =>
      other === s ? given(item, s) : proposal(item, other);
    learned.push(some ? await quality(only) : null);
  }

  // Goes case by case, so that a scoring that is cut off has saved whole cases.
  const scores: OwnScore[] = [];
  cases.forEach(({ task }, item) => {
    const proposals = structures.map((_, s) => ({ width, height, data: proposal(item, s) }));
    task.masks.forEach((mask, s) => {
      if (mask === null) return;
      const label: Mask = { width, height, data: given(item, s) };
      const at = (item * n + s) * pixels;
      const own = probabilities?.subarray(at, at + pixels) ?? null;
      if (own) onCompared(item, s, own);
      const others = proposals.filter((_, i) => i !== s);
      const compared =
        own === null ? NOTHING_TO_COMPARE : compare(label, proposals[s], own, others);
      scores.push({
        case: task.id,
        structure: structures[s],
        mask,
        learned: learned[s]![item * k + (k === 1 ? 0 : s)],
        area: share(label.data),
        ...compared,
      });
    });
  });
  return scores;
}

/**
 * Like `scoreLabels`, but without `caseScore`.
 * @param segmented the segmenter's probabilities of these images; null runs the segmenter, if there is one
 */
export async function scoreOwn(
  networks: Networks,
  cases: readonly PreparedCase[],
  segmented: Float32Array | null,
): Promise<OwnScore[]> {
  return ownScores(await segmentCases(networks, cases, segmented));
}

/**
 * Scores the present labels of a few cases.
 *
 * `caseScore` is the QAM's score of the given labels, with the segmenter's proposal for an absent label.
 * `learned` is the QAM's score of one given label with the proposals for all other structures, so that an
 * error in another label does not lower it. Without a segmenter, the given labels (empty if absent)
 * replace the proposals, and all values that compare with the segmenter are null.
 * @param onCompared gets the segmenter's probabilities for each present label
 */
export async function scoreLabels(
  networks: Networks,
  cases: readonly PreparedCase[],
  onCompared?: OnCompared,
): Promise<LabelScore[]> {
  const seen = await segmentCases(networks, cases, null);
  const { given, proposal, present, quality } = seen;
  const k = networks.scores;
  const all = await quality((item, s) => (present(item, s) ? given(item, s) : proposal(item, s)));
  // A QAM may give one score for each structure: the case then gets the mean of these scores.
  const meanScore = (item: number): number => mean(all.subarray(item * k, (item + 1) * k));
  const caseScores = new Map(cases.map(({ task }, item) => [task.id, meanScore(item)]));
  const scores = await ownScores(seen, onCompared);
  return scores.map((score) => ({ ...score, caseScore: caseScores.get(score.case)! }));
}
