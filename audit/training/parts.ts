/**
 * The parts of a run that are trained one after the other. A run has one part; in folds, one for each fold,
 * which scores the fold's own cases; or two pairs of networks, which judge every case together.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES, foldFolder, pairFolder } from '../../models/run-files.ts';
import { HeldOut } from '../../trainer/messages.ts';
import { judgesOf } from '../scoring/pairs.ts';
import type { PairFiles } from '../scoring/types.ts';
import { readFolds } from './folds.ts';
import { readJson } from './json.ts';

/** The pairs of networks that judge some cases. */
export interface JudgingPart {
  readonly pairs: readonly PairFiles[];
  /** The ids of the cases that these networks judge, or null for all cases. */
  readonly cases: readonly string[] | null;
}

/**
 * The folder of a part of a run.
 * @param part the number of the fold or the pair, from 1; undefined gives the run's own folder
 */
export function partFolder(runFolder: string, part: number | undefined): string {
  if (part === undefined) return runFolder;
  const inFolds = existsSync(join(runFolder, RUN_FILES.folds));
  return inFolds ? foldFolder(runFolder, part) : pairFolder(runFolder, part);
}

/** The networks in a folder. @param among says whether other pairs judge the same cases */
async function pairIn(folder: string, among: boolean): Promise<PairFiles> {
  const kept = among ? HeldOut.safeParse(await readJson(join(folder, RUN_FILES.heldOut))) : null;
  return {
    qam: join(folder, RUN_FILES.qam),
    segmenter: join(folder, RUN_FILES.segmenter),
    heldOut: kept?.success === true ? kept.data.cases : [],
  };
}

/** The folders of a run's pairs that are trained: the run's own, and that of a second pair. */
export function pairFolders(runFolder: string): string[] {
  const second = pairFolder(runFolder, 2);
  return existsSync(join(second, RUN_FILES.summary)) ? [runFolder, second] : [runFolder];
}

/** The pairs of networks that judge a case of a trained run; none if the case came after its folds were dealt. */
export async function judgesIn(runFolder: string, id: string): Promise<readonly PairFiles[]> {
  const parts = await judgingParts(runFolder);
  const pairs = parts.find(({ cases }) => cases?.includes(id) ?? true)?.pairs ?? [];
  return judgesOf(pairs, (index) => pairs[index].heldOut.includes(id));
}

/** The networks of a trained run, with the cases that they judge. */
export async function judgingParts(runFolder: string): Promise<JudgingPart[]> {
  const file = join(runFolder, RUN_FILES.folds);
  if (existsSync(file)) {
    const folds = await readFolds(file);
    return Promise.all(
      folds.map(async (cases, index) => ({
        pairs: [await pairIn(foldFolder(runFolder, index + 1), false)],
        cases,
      })),
    );
  }
  const folders = pairFolders(runFolder);
  const pairs = folders.map((folder) => pairIn(folder, folders.length > 1));
  return [{ pairs: await Promise.all(pairs), cases: null }];
}
