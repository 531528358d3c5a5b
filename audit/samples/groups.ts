/** Groups cases by patient, so that no patient is in both training and validation. */
import { NOTHING_SAID } from '../store/columntable.ts';
import type { ProjectReader } from '../store/types.ts';

/**
 * The group of each case, by case name: cases of one patient, or else of one examination, share a
 * group. A case has no group if the dataset names neither. Groups are numbers from 0, not the names of
 * patients, because a sample set may leave the machine.
 */
export function caseGroups(project: ProjectReader): ReadonlyMap<string, number> {
  const patients = project.columnTable('patient');
  const studies = project.columnTable('study');
  const groups = new Map<string, number>();
  if (patients.values.length + studies.values.length === 0) return groups;
  project.caseIds().forEach((id, index) => {
    const patient = patients.places[index];
    const study = studies.places[index];
    if (patient !== NOTHING_SAID) groups.set(id, patient);
    else if (study !== NOTHING_SAID) groups.set(id, patients.values.length + study);
  });
  return groups;
}
