/**
 * Verdicts in steps that a person can undo. One step may judge many labels; undoing it gives each
 * label its verdict and comment from before.
 */
import { randomUUID } from 'node:crypto';
import type { VerdictResult } from '../../contract/api.ts';
import type { BlindKind, CaseSummary, Verdict } from '../../contract/terms.ts';
import { labelKey } from '../../contract/label-key.ts';
import { checkIsFixed, fixedLabels, requireCase, requireStructure } from '../../review/verdicts.ts';
import type { ProjectReader, ProjectWriter } from '../../store/types.ts';
import { Refusal } from '../http/respond.ts';

/** The change of one label in a step. */
interface VerdictChange {
  readonly case: string;
  readonly structure: string;
  readonly before: Verdict | null;
  readonly commentBefore: string | null;
  readonly after: Verdict | null;
  readonly blind: BlindKind | undefined;
}

interface Step {
  readonly id: string;
  readonly labels: readonly VerdictChange[];
  /** Whether the step also set the labels' comments. */
  readonly commented: boolean;
}

interface JudgementPart {
  readonly items: readonly { readonly case: string; readonly structure: string | null }[];
  readonly verdict: Verdict | null;
  readonly force: boolean;
}

export interface Judgement extends JudgementPart {
  /** Verdicts that are given after the first one, in the same transaction. */
  readonly also?: readonly JudgementPart[];
  readonly comment?: string | undefined;
  /** The id of the step that this judgement belongs to. Without one it is a step of its own. */
  readonly step?: string | undefined;
}

/** Says which kind of blind check a label was in the queue; undefined if it was none. */
export type BlindKindOf = (id: string, structure: string) => BlindKind | undefined;

/** How many steps can be undone. */
const KEPT = 1000;

/**
 * The labels that one item of a judgement stands for. “Fixed” on a whole case stands for its changed labels.
 * @throws UserError if an unchanged label would be called fixed
 */
function labelsOf(
  project: ProjectReader,
  item: { case: string; structure: string | null },
  { verdict, force }: JudgementPart,
): CaseSummary['labels'] {
  const summary = requireCase(project, item.case);
  if (item.structure === null) {
    // To remove verdicts, the labels that have one must be included.
    const all = force || verdict === null;
    const present = verdict === 'fixed' ? fixedLabels(summary) : summary.labels;
    return present.filter((label) => label.state !== 'absent' && (all || label.verdict === null));
  }
  requireStructure(project, item.structure);
  const label = summary.labels.find(({ structure }) => structure === item.structure);
  if (!label || label.state === 'absent') {
    throw new Refusal(
      409,
      `“${item.case}” has no label of “${item.structure}”: nothing to give a verdict to.`,
    );
  }
  if (verdict === 'fixed') checkIsFixed(item.case, label);
  return [label];
}

/** The labels that a part of a judgement changes. */
function changesOf(
  project: ProjectReader,
  part: JudgementPart,
  comment: string | undefined,
  blindKind: BlindKindOf,
): VerdictChange[] {
  const { items, verdict } = part;
  const labels = new Map<string, VerdictChange>();
  for (const item of items) {
    for (const label of labelsOf(project, item, part)) {
      if (label.verdict === verdict && comment === undefined) continue;
      labels.set(labelKey(item.case, label.structure), {
        case: item.case,
        structure: label.structure,
        before: label.verdict,
        commentBefore: label.comment,
        after: verdict,
        blind: verdict === null ? undefined : blindKind(item.case, label.structure),
      });
    }
  }
  return [...labels.values()];
}

export class VerdictSteps {
  readonly #steps: Step[] = [];

  /** Takes over the steps of the same project, which was opened anew. */
  continue(before: VerdictSteps): void {
    this.#steps.push(...before.#steps);
  }

  /**
   * Gives verdicts as one step, or as a part of an earlier one; the verdict null removes them.
   * @throws UserError when a case, structure or label is missing, or an unchanged label would be called fixed;
   *   then nothing was written
   */
  give(
    project: ProjectWriter,
    judgement: Judgement,
    author: string,
    blindKind: BlindKindOf = () => undefined,
  ): VerdictResult {
    const { comment } = judgement;
    const index = this.#steps.findIndex(({ id }) => id === judgement.step);
    const earlier = index < 0 ? undefined : this.#steps[index];
    const id = earlier?.id ?? randomUUID();
    const judged = project.together(() =>
      [judgement, ...(judgement.also ?? [])].flatMap((part) => {
        const changes = changesOf(project, part, comment, blindKind);
        for (const label of changes) {
          project.setVerdict(label.case, label.structure, label.after, {
            author,
            force: true,
            step: id,
            ...(comment !== undefined && { comment }),
            ...(label.blind !== undefined && { blind: label.blind }),
          });
        }
        return changes;
      }),
    );
    if (judged.length === 0) return { undo: earlier?.id ?? null, changed: [] };
    const step = {
      id,
      labels: [...(earlier?.labels ?? []), ...judged],
      commented: comment !== undefined || earlier?.commented === true,
    };
    if (earlier) this.#steps[index] = step;
    else this.#steps.push(step);
    if (this.#steps.length > KEPT) this.#steps.shift();
    return { undo: id, changed: judged.map((label) => changed(label, label.after)) };
  }

  /**
   * Undoes a step.
   * @param id default: the newest step
   * @throws Refusal (404) when there is no such step
   */
  undo(project: ProjectWriter, id: string | undefined, author: string): VerdictResult {
    const index =
      id === undefined
        ? this.#steps.length - 1
        : this.#steps.findIndex((candidate) => candidate.id === id);
    const step = this.#steps[index];
    if (!step) throw new Refusal(404, 'There is no verdict left to undo.');
    const by = { author, force: true, step: randomUUID() };
    project.together(() => {
      // Backwards: a step of several requests may have judged a label twice.
      for (const label of step.labels.toReversed()) {
        project.setVerdict(label.case, label.structure, label.before, by);
        // If a label had no comment before the step, the empty text removes the step's comment.
        if (step.commented) {
          project.comment(label.case, label.structure, label.commentBefore ?? '', { author });
        }
      }
    });
    this.#steps.splice(index, 1);
    const labels = step.labels.map((label) => ({
      ...label,
      // The structure may have another name since the step.
      structure: project.nameNow(label.structure) ?? label.structure,
    }));
    return { undo: null, changed: labels.map((label) => changed(label, label.before)) };
  }
}

function changed(label: VerdictChange, verdict: Verdict | null): VerdictResult['changed'][number] {
  return { case: label.case, structure: label.structure, verdict };
}
