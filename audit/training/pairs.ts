/** Decides how many pairs of networks a training gets. */
import { allCases } from '../store/all-cases.ts';
import type { ProjectReader } from '../store/types.ts';

/** A structure is rare if less than this share of its labels is drawn. */
const RARE = 0.5;

/**
 * Structures that most images lack, such as a lesion. A segmenter learns them from few labels: it overlooks
 * them where it has not learned from the case, and learns single omissions by heart.
 */
function rareStructures(project: ProjectReader): string[] {
  const counts = new Map(project.structures.map(({ name }) => [name, { drawn: 0, empty: 0 }]));
  for (const { labels } of allCases(project)) {
    for (const { structure, state, verdict } of labels) {
      const own = counts.get(structure);
      if (own && state !== 'absent' && verdict !== 'excluded') own[state] += 1;
    }
  }
  return [...counts].flatMap(([name, { drawn, empty }]) =>
    drawn > 0 && drawn < RARE * (drawn + empty) ? [name] : [],
  );
}

/**
 * Two pairs where a structure is rare, else one. Two pairs take twice the time, and they rank the labels of
 * organs hardly better than one.
 * @param qam whether a QAM is trained; comparisons without one train one segmenter
 */
export function pairsFor(project: ProjectReader, qam: boolean): 1 | 2 {
  return qam && rareStructures(project).length > 0 ? 2 : 1;
}
