/** What a format could not hold of the corrected labels, put together for a person. Pure. */
import type { ExportOutlook } from '../../audit/contract/api.ts';

type Loss = ExportOutlook['losses'][number];

interface StructureLoss {
  readonly structure: string;
  readonly labels: number;
  /** The largest part of a label that would differ, of its own pixels; above 1 where it was smaller. */
  readonly worst: number;
}

const shareOf = ({ pixels, area }: Loss): number => pixels / Math.max(1, area);

/** The structures that lose anything, the one that loses the largest part of a label first. */
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

/** Labels that lose the largest part first. */
export function worstFirst(losses: readonly Loss[]): Loss[] {
  return [...losses].sort((a, b) => shareOf(b) - shareOf(a));
}

/** `3.1 %`; what is not nothing is never called so. */
export function percent(share: number): string {
  const value = share * 100;
  if (value < 0.1) return 'less than 0.1 %';
  return `${value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')} %`;
}
