/** Prepares the cases of a project for the writers. */
import { isErrorFound } from '../../contract/terms.ts';
import type { CaseSummary } from '../../contract/terms.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { ExportedCase, ExportedLabel } from '../types.ts';

export function exportedCase(project: ProjectReader, summary: CaseSummary): ExportedCase {
  const { id, width, height } = summary;
  const labels: ExportedLabel[] = [];
  for (const { structure, state, changed, verdict } of summary.labels) {
    // Nobody ever drew this label, so there is nothing to write.
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

/** Number of errors found in a case; excluded labels count, too. */
export const errorsFound = (summary: CaseSummary): number =>
  summary.labels.filter(isErrorFound).length;

/** Whether the export leaves the label out. */
export const isExcluded = ({ verdict }: Pick<ExportedLabel, 'verdict'>): boolean =>
  verdict === 'excluded';

/** Whether the export writes the label unchanged, as the dataset's file has it. */
export const isKept = (label: Pick<ExportedLabel, 'corrected' | 'verdict'>): boolean =>
  !label.corrected && !isExcluded(label);

/**
 * Whether the export leaves out the case and its image. This is so if the case has labels that are not
 * absent, and all of these are excluded.
 */
export function isLeftOut(summary: CaseSummary): boolean {
  const present = summary.labels.filter(({ state }) => state !== 'absent');
  return present.length > 0 && present.every(isExcluded);
}

/** The multi-valued mask that holds the labels of a case, or null if none was imported from a file. */
export const valuesFileOf = ({ labels }: ExportedCase): string | null =>
  labels.find(({ sourceFile }) => sourceFile !== null)?.sourceFile ?? null;
