/**
 * Names the kind of error that the difference between a label and the segmenter's proposal looks like. If
 * only the label is empty, the kind is `omitted`; if only the proposal is empty, `invented`; if both are,
 * `none`. Otherwise a multinomial logistic regression chooses the kind (`kind-features.ts` has the features,
 * `test/bench/kinds.mjs` fits the regression).
 */
import type { LabelKind } from '../contract/terms.ts';
import type { Mask } from '../imaging/types.ts';
import { KIND_COEFFICIENTS } from './kind-coefficients.ts';
import { KIND_FEATURES, kindFeatures } from './kind-features.ts';
import type { FittedKind, KindFeature } from './kind-features.ts';

/** @param coefficients of each kind: its constant, then one for each of `KIND_FEATURES` */
export function likeliest(
  features: Readonly<Record<KindFeature, number>>,
  coefficients: Readonly<Record<FittedKind, readonly number[]>> = KIND_COEFFICIENTS,
): FittedKind {
  let [best, most]: [FittedKind, number] = ['none', -Infinity];
  for (const [kind, [constant, ...own]] of Object.entries(coefficients)) {
    const sum = KIND_FEATURES.reduce((all, name, i) => all + features[name] * own[i], constant);
    if (sum > most) [best, most] = [kind as FittedKind, sum];
  }
  return best;
}

/**
 * The kind of error of a label, or `none`. All masks have the same size.
 * @param others the segmenter's proposals for the other structures
 */
export function kindOf(label: Mask, proposal: Mask, others: readonly Mask[]): LabelKind {
  const isDrawn = label.data.includes(1);
  const isSeen = proposal.data.includes(1);
  if (isDrawn && isSeen) return likeliest(kindFeatures(label, proposal, others));
  if (isDrawn) return 'invented';
  return isSeen ? 'omitted' : 'none';
}
