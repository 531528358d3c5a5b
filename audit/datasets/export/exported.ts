/** The cases of a project as writers take them. */
import type { CaseSummary } from '../../contract/terms.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { ExportedCase, ExportedLabel } from '../types.ts';

export function exportedCase(project: ProjectReader, summary: CaseSummary): ExportedCase {
  const { id, width, height } = summary;
  const labels: ExportedLabel[] = [];
  for (const { structure, state, mask, verdict } of summary.labels) {
    const revisions = project.revisions(id, structure);
    if (state === 'absent' && revisions.length === 0) continue;
    const imported = revisions.find(({ reason }) => reason === 'import');
    labels.push({
      structure,
      mask: () => project.mask(id, structure),
      verdict,
      corrected: imported === undefined || imported.mask !== mask,
      sourceFile: imported?.sourceFile ?? null,
    });
  }
  return { id, imageFile: project.imageFile(id), width, height, labels };
}

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
