/** Gives verdicts and comments. An unknown case, structure or label is refused with a UserError. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Verdict } from '../contract/terms.ts';
import type { CaseSummary, LabelSummary } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import type { ProjectReader, ProjectWriter } from '../store/types.ts';

/**
 * Finds the case `id`.
 * @throws UserError if there is no such case; the message may name a similar one
 */
export function requireCase(project: ProjectReader, id: string): CaseSummary {
  const found = project.case(id);
  if (found !== null) return found;
  const near = project.cases({ search: id, limit: 1 })[0];
  const hint = near === undefined ? 'check the name' : `did you mean "${near.id}"?`;
  throw new UserError(`The project has no case "${id}": ${hint}${near === undefined ? '.' : ''}`);
}

/** @throws UserError that lists the project's structures if `structure` is not one of them */
export function requireStructure(project: ProjectReader, structure: string): void {
  if (project.structures.some(({ name }) => name === structure)) return;
  const names = project.structures.map(({ name }) => name).join(', ');
  throw new UserError(`The project has no structure "${structure}": it has ${names}.`);
}

/** @throws UserError if the label has the imported mask: only a changed label can be called fixed */
export function checkIsFixed(id: string, { structure, changed }: LabelSummary): void {
  if (changed) return;
  throw new UserError(
    `The label "${structure}" of "${id}" is the imported one: accept it, or change it first.`,
  );
}

/**
 * The labels of a case that the verdict “fixed” on the whole case judges: those that were changed.
 * @throws UserError if no label of the case was changed
 */
export function fixedLabels({ id, labels }: CaseSummary): LabelSummary[] {
  const fixed = labels.filter(({ state, changed }) => state !== 'absent' && changed);
  if (fixed.length > 0) return fixed;
  throw new UserError(
    `No label of "${id}" differs from the imported one: accept the case, or change a label first.`,
  );
}

export interface NewVerdict {
  readonly case: string;
  /** Null means every present label of the case. */
  readonly structure: string | null;
  /** Null takes the verdict back. */
  readonly verdict: Verdict | null;
  readonly comment?: string;
  readonly author: string;
}

/**
 * Gives a verdict to a label, or to every present label of a case; “fixed” only to those that were changed.
 * Replaces earlier verdicts.
 * @returns the changed case
 * @throws UserError if the case, the structure or the label does not exist, or if an unchanged label would be
 *   called fixed
 */
export function giveVerdict(project: ProjectWriter, request: NewVerdict): CaseSummary {
  const found = requireCase(project, request.case);
  if (request.structure !== null) {
    requireStructure(project, request.structure);
    const label = found.labels.find(({ structure }) => structure === request.structure);
    if (label === undefined || label.state === 'absent') {
      throw new UserError(
        `"${found.id}" has no label of "${request.structure}": nothing to give a verdict to.`,
      );
    }
    if (request.verdict === 'fixed') checkIsFixed(found.id, label);
  }
  const by = {
    author: request.author,
    force: true,
    ...(request.comment !== undefined && { comment: request.comment }),
  };
  if (request.verdict === 'fixed' && request.structure === null) {
    const step = randomUUID();
    project.together(() => {
      for (const { structure } of fixedLabels(found)) {
        project.setVerdict(found.id, structure, 'fixed', { ...by, step });
      }
    });
  } else {
    project.setVerdict(found.id, request.structure, request.verdict, by);
  }
  return requireCase(project, found.id);
}

/** The detail of a verdict's audit row, as far as undo needs it. */
const Given = z.object({
  case: z.string(),
  labels: z.array(z.object({ structure: z.string(), from: Verdict.nullable() })).min(1),
  /** The step of the person that the row belongs to; without one, the row is a step of its own. */
  step: z.string().optional(),
});

const PAGE = 1000;

/** The rows of the last step of verdicts on a case, the oldest first; empty if it never got a verdict. */
function lastStep(project: ProjectReader, id: string): z.infer<typeof Given>[] {
  let rows: z.infer<typeof Given>[] = [];
  for (let after = 0; ;) {
    const page = project.auditLog({ after, limit: PAGE });
    for (const { action, detail } of page) {
      const given = action === 'verdict' ? Given.safeParse(detail) : null;
      if (!given?.success || given.data.case !== id) continue;
      const { step } = given.data;
      const goesOn = step !== undefined && rows.at(-1)?.step === step;
      rows = goesOn ? [...rows, given.data] : [given.data];
    }
    if (page.length < PAGE) return rows;
    after = page[page.length - 1].sequence;
  }
}

/**
 * Undoes the last step of verdicts on a case: each label that it changed gets its earlier verdict back, with an
 * audit row for each, all in one transaction. The undo is a step, too: a second call gives the verdicts again, on
 * all these labels.
 * @throws UserError if there is no such case, or it never got a verdict
 */
export function undoVerdict(
  project: ProjectWriter,
  id: string,
  by: { author: string },
): CaseSummary {
  const found = requireCase(project, id);
  const rows = lastStep(project, found.id);
  if (rows.length === 0) {
    throw new UserError(`"${found.id}" was never given a verdict: there is nothing to undo.`);
  }
  const step = randomUUID();
  // The oldest row tells what a label had before the step.
  const before = new Map(
    rows
      .toReversed()
      .flatMap(({ labels }) => labels)
      .map(({ structure, from }) => [structure, from]),
  );
  project.together(() => {
    for (const [structure, from] of before) {
      project.setVerdict(found.id, structure, from, { author: by.author, step });
    }
  });
  return requireCase(project, found.id);
}

/** Adds a comment to a label; its verdict stays. */
export function addComment(
  project: ProjectWriter,
  id: string,
  structure: string,
  text: string,
  by: { author: string },
): void {
  requireStructure(project, structure);
  project.comment(requireCase(project, id).id, structure, text, by);
}
