/** The functions of the stage that the review uses: open and prefetch cases, and save strokes. */
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { LabelWork } from '../drawing/types.ts';

interface Shown {
  readonly detail: CaseDetail | null;
  readonly labels: readonly LabelWork[];
  /** The label on which the person draws, or null. */
  readonly activeLabel?: LabelWork | null;
  /** Structures that the person does not see, in every case. */
  readonly hidden?: ReadonlySet<string>;
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
  readonly editor?: {
    readonly drawing: {
      /** Whether something is being drawn that another case would drop. */
      readonly busy: boolean;
      readonly draft: { readonly kind: string } | null;
      /** Finishes the polygon or lasso. */
      close(): unknown;
    };
  };
}

/**
 * Structures of the case that were changed since their last verdict; none if another case is on the stage.
 * Strokes that cancel out change nothing, nor does a label that is the imported one again.
 */
export function changedOn({ detail, labels }: Shown, caseId: string): Set<string> {
  if (detail?.case.id !== caseId) return new Set();
  const changed = labels
    .filter(({ structure, strokes, cancelled, revision, imported }) => {
      if (strokes > 0 && cancelled !== true) return true;
      const label = detail.case.labels.find((other) => other.structure === structure.name);
      if (label?.verdict !== null) return false;
      // Somebody changed the label earlier, and it has no verdict. The details may be older than the last saving.
      const isNewer = revision !== undefined && revision > label.revision;
      return isNewer ? imported !== true : label.changed;
    })
    .map(({ structure }) => structure.name);
  return new Set(changed);
}
