/** What the review needs of the case on the stage to judge and to move on. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { LabelWork } from '../drawing/types.ts';

interface Shown {
  readonly detail: CaseDetail | null;
  readonly labels: readonly LabelWork[];
}

export interface ReviewStage {
  readonly opened: Shown & {
    /** @param options veiled: hides what the ranking and the networks say of the case */
    open(caseId: string, options: { structure: string | null; veiled: boolean }): unknown;
    prefetch(caseIds: readonly string[]): unknown;
  };
  readonly saving: {
    /** Makes revisions of what was drawn; ends when they are on the disk. */
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
      // Drawn, and left without a verdict.
      return label !== undefined && label.verdict === null && label.revision > 1;
    })
    .map(({ structure }) => structure.name);
  return new Set(changed);
}
