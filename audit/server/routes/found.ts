/** Finds the case, label or run that an address names. @throws Refusal (404) when it is missing */
import type { Context } from 'hono';
import { CaseId, StructureName } from '../../contract/terms.ts';
import type { CaseSummary, LabelSummary } from '../../contract/terms.ts';
import type { ProjectReader, Run } from '../../store/types.ts';
import { param } from '../http/input.ts';
import { Refusal } from '../http/respond.ts';

/** The case that `:id` in the address names. */
export function addressedCase(c: Context, project: ProjectReader): CaseSummary {
  const summary = project.case(param(c, 'id', CaseId));
  if (!summary) throw new Refusal(404, 'The project has no such case.');
  return summary;
}

/** The case that `:id` in the address names, and its label of `:structure`, which may be absent. */
export function addressedLabel(
  c: Context,
  project: ProjectReader,
): { summary: CaseSummary; label: LabelSummary } {
  const id = param(c, 'id', CaseId);
  const structure = param(c, 'structure', StructureName);
  const summary = project.case(id);
  const label = summary?.labels.find((candidate) => candidate.structure === structure);
  if (!summary || !label) throw new Refusal(404, 'The project has no such label.');
  return { summary, label };
}

/** The run that `:id` in the address names. */
export function addressedRun(c: Context, project: ProjectReader): Run {
  return existingRun(project, c.req.param('id') ?? '');
}

export function existingRun(project: ProjectReader, id: string): Run {
  const run = project.run(id);
  if (!run) throw new Refusal(404, 'The project has no such run.');
  return run;
}
