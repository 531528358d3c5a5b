/** The functions of the stage that the review uses: open and prefetch cases, and save strokes. */
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
    /** Turns the strokes into revisions. Resolves when these are on the disk. */
    fold(reason: string): Promise<unknown>;
  };
}

/**
 * Structures of the case that were drawn on since their last verdict; none if another case is on the stage.
 */
export function changedOn({ detail, labels }: Shown, caseId: string): Set<string> {
  if (detail?.case.id !== caseId) return new Set();
  const changed = labels
    .filter(({ structure, strokes }) => {
      if (strokes > 0) return true;
      const label = detail.case.labels.find((other) => other.structure === structure.name);
      // Somebody changed the label earlier, and it has no verdict.
      return label !== undefined && label.verdict === null && label.revision > 1;
    })
    .map(({ structure }) => structure.name);
  return new Set(changed);
}
