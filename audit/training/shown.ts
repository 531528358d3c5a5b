/** Finds the network whose output is shown beside a label. */
import { existsSync } from 'node:fs';
import { harshestPair } from '../contract/pair-score.ts';
import type { ProjectReader } from '../store/types.ts';
import { judgesIn } from './parts.ts';

/**
 * The file of the network of a run that judges a case: in a run with folds, that of the case's fold.
 * @param structure the label that the network is shown for: of several pairs of networks, the one that agrees
 *   least with this label; without it, the first that judges the case
 * @returns null if `model` is no run or has no such file
 */
export async function shownNetwork(
  project: ProjectReader,
  model: string | null,
  id: string,
  kind: 'segmenter' | 'qam',
  structure?: string,
): Promise<string | null> {
  if (model === null || project.run(model) === null) return null;
  const judges = await judgesIn(project.runFolder(model), id);
  const score =
    structure === undefined || judges.length < 2
      ? undefined
      : project.scores(model, [id]).find((one) => one.structure === structure);
  const path = judges[harshestPair(score?.pairs)]?.[kind] ?? null;
  return path !== null && existsSync(path) ? path : null;
}
