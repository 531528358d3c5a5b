/** The cases of a project as writers take them. */
import { isErrorFound } from '../../contract/terms.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { ExportedCase, ExportedLabel } from '../types.ts';

export function exportedCase(project: ProjectReader, summary: CaseSummary): ExportedCase {
  const { id, width, height } = summary;
  const labels: ExportedLabel[] = [];
  for (const { structure, state, changed, verdict } of summary.labels) {
    // The dataset had no label, and there is none now.
    if (state === 'absent' && !changed) continue;
    const imported = project.revisions(id, structure).find(({ reason }) => reason === 'import');
    labels.push({
      structure,
      mask: () => project.mask(id, structure),
      verdict,
      corrected: changed,
      sourceFile: imported?.sourceFile ?? null,
    });
  }
  return { id, imageFile: project.imageFile(id), width, height, labels };
}

/** Errors found in a case, whether its labels are written or left out. */
export const errorsFound = (summary: CaseSummary): number =>
  summary.labels.filter(isErrorFound).length;

/** Left out of an export. */
export const isExcluded = ({ verdict }: Pick<ExportedLabel, 'verdict'>): boolean =>
  verdict === 'excluded';

/** Written as it stands in its own file. */
export const isKept = (label: Pick<ExportedLabel, 'corrected' | 'verdict'>): boolean =>
  !label.corrected && !isExcluded(label);

/** Every present label is excluded: the case is left out with its image. */
export function isLeftOut(summary: CaseSummary): boolean {
  const present = summary.labels.filter(({ state }) => state !== 'absent');
  return present.length > 0 && present.every(isExcluded);
}
