/** The part of a case that the review uses: open, prefetch, and save the strokes. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { LabelWork } from '../drawing/types.ts';

interface Shown {
  readonly detail: CaseDetail | null;
  readonly labels: readonly LabelWork[];
}

export interface ReviewStage {
  readonly opened: Shown & {
    /** @param options.veiled hides the ranking and the networks' output */
    open(caseId: string, options: { structure: string | null; veiled: boolean }): unknown;
    prefetch(caseIds: readonly string[]): unknown;
  };
  readonly saving: {
    /** Makes revisions of the strokes. Resolves when they are on the disk. */
    fold(reason: string): Promise<unknown>;
  };
}

/** Structures of the case that were drawn since the last verdict on them. */
export function changedOn({ detail, labels }: Shown, caseId: string): Set<string> {
  if (detail?.case.id !== caseId) return new Set();
  const changed = labels
    .filter(({ structure, strokes }) => {
      if (strokes > 0) return true;
      const label = detail.case.labels.find((other) => other.structure === structure.name);
      // Somebody drew on it earlier and gave no verdict.
      return label !== undefined && label.verdict === null && label.revision > 1;
    })
    .map(({ structure }) => structure.name);
  return new Set(changed);
}
