/** Cases that belong together: a network that has seen one image of a patient knows the others. */
import { NOTHING_SAID } from '../store/columntable.ts';
import type { ProjectReader } from '../store/types.ts';

/**
 * The group of each case whose patient (or at least examination) is known, by its name. Numbers from
 * 0 that say nothing of who it is: sample sets leave the machine.
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
