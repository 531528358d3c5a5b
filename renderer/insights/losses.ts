/**
 * Sums up and sorts the losses of an export: for each label, the pixels that the format cannot hold. Pure.
 */
import type { ExportOutlook } from '../../audit/contract/api.ts';
import { percent } from '../../audit/contract/words.ts';

type Loss = ExportOutlook['losses'][number];

interface StructureLoss {
  readonly structure: string;
  readonly labels: number;
  /**
   * The largest loss among the structure's labels: changed pixels as a share of the label's area. It may
   * exceed 1.
   */
  readonly worst: number;
}

const shareOf = ({ pixels, area }: Loss): number => pixels / Math.max(1, area);

/** The structures with losses, sorted by their worst label, the largest share first. */
export function byStructure(losses: readonly Loss[]): StructureLoss[] {
  const found = new Map<string, StructureLoss>();
  for (const loss of losses) {
    const { structure } = loss;
    const { labels, worst } = found.get(structure) ?? { labels: 0, worst: 0 };
    found.set(structure, {
      structure,
      labels: labels + 1,
      worst: Math.max(worst, shareOf(loss)),
    });
  }
  return [...found.values()].sort((a, b) => b.worst - a.worst);
}

/** The losses, sorted by the share of the label's area that would change, the largest first. */
export function worstFirst(losses: readonly Loss[]): Loss[] {
  return [...losses].sort((a, b) => shareOf(b) - shareOf(a));
}

/** `3.1 %`, `12 %`: one digit after the point below 10 %. @param share may exceed 1 */
export const percentChanged = (share: number): string =>
  percent(share, { digits: share < 0.1 ? 1 : 0 });
