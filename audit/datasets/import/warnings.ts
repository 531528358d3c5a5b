/** Warnings about a project as a whole, for a person to read after the import. */
import { counted, plural } from '../../contract/words.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import { allCases } from '../../store/all-cases.ts';
import type { ProjectReader } from '../../store/types.ts';

/** Number of patients with images in more than one split. */
function splitPatients(project: ProjectReader): number {
  const patients = project.columnTable('patient');
  const splits = project.columnTable('split');
  const splitOf = new Map<number, number>();
  const torn = new Set<number>();
  patients.places.forEach((patient, index) => {
    const split = splits.places[index];
    if (patient === NOTHING_SAID || split === NOTHING_SAID) return;
    const before = splitOf.get(patient);
    if (before === undefined) splitOf.set(patient, split);
    else if (before !== split) torn.add(patient);
  });
  return torn.size;
}

/**
 * The warnings, one sentence each: a structure that nobody drew, a project with a single case, and
 * patients with images in two splits.
 */
export function warningsOf(project: ProjectReader): string[] {
  const warnings: string[] = [];
  const present = new Map<string, { labels: number; drawn: number }>();
  for (const { name } of project.structures) present.set(name, { labels: 0, drawn: 0 });
  for (const { labels } of allCases(project)) {
    for (const { structure, state } of labels) {
      const count = present.get(structure);
      if (count === undefined || state === 'absent') continue;
      count.labels += 1;
      if (state === 'drawn') count.drawn += 1;
    }
  }
  const isUnlabelled = project.counts.labels === 0;
  if (isUnlabelled) warnings.push('No case has a label yet: draw some, then train.');
  for (const [structure, { labels, drawn }] of present) {
    if (isUnlabelled) break;
    if (labels === 0) {
      warnings.push(`No case has a label of “${structure}”: draw some, or check its masks.`);
    } else if (drawn === 0) {
      warnings.push(
        `Every label of “${structure}” is empty: check its masks, nothing can be learned.`,
      );
    }
  }
  if (project.counts.cases === 1) {
    warnings.push('There is one case only: bad labels are found by comparing many.');
  }
  const patients = splitPatients(project);
  if (patients > 0) {
    warnings.push(
      `${counted(patients, 'patient')} ${plural(patients, 'has', 'have')} images in more than one ` +
        'split of the dataset: validation then uses patients from the training and looks better than it is.',
    );
  }
  return warnings;
}
