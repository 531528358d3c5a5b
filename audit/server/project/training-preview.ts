/** What a training would learn from if it started now, and what changed since the newest run. */
import { join } from 'node:path';
import { RunSummaries } from '../../contract/api.ts';
import type { Outlook } from '../../contract/api.ts';
import { labelKey } from '../../contract/label-key.ts';
import { learnedCases } from '../../samples/build.ts';
import type { ProjectReader, Run } from '../../store/types.ts';
import { readSampleSetHead } from '../../../models/sampleset.ts';
import type { SampleSetManifest } from '../../../models/sampleset.ts';
import { RUN_FILES } from '../../../models/run-files.ts';
import type { Labels } from './labels.ts';

/** The structures and cases that a training learns from. */
type TrainingData = Pick<SampleSetManifest, 'structures' | 'cases'>;

/** The mask hash of each label that a training learns from, by label key. */
function labelsOf({ structures, cases }: TrainingData): Map<string, string> {
  const labels = new Map<string, string>();
  for (const { id, present, masks } of cases) {
    structures.forEach((structure, index) => {
      if (present[index]) labels.set(labelKey(id, structure), masks[index] ?? '');
    });
  }
  return labels;
}

/**
 * Counts the labels that were corrected, excluded and returned since the last training; see `Outlook`.
 */
export function changesSince(
  before: TrainingData,
  now: TrainingData,
): Pick<Outlook, 'correctedSince' | 'excludedSince' | 'returnedSince'> {
  const [was, is] = [labelsOf(before), labelsOf(now)];
  /** The mask hash of each label in `before`, by label key, also of labels that the training left out. */
  const masksBefore = new Map<string, string>();
  for (const { id, masks } of before.cases) {
    before.structures.forEach((structure, index) => {
      const mask = masks[index];
      if (mask !== null) masksBefore.set(labelKey(id, structure), mask);
    });
  }
  let corrected = 0;
  let returned = 0;
  for (const [key, mask] of is) {
    if (was.get(key) === mask) continue;
    if (was.has(key) || masksBefore.get(key) !== mask) corrected += 1;
    else returned += 1;
  }
  const excluded = [...was.keys()].filter((key) => !is.has(key)).length;
  return { correctedSince: corrected, excludedSince: excluded, returnedSince: returned };
}

async function manifestOf(project: ProjectReader, run: Run): Promise<SampleSetManifest | null> {
  const path = join(project.runFolder(run.id), RUN_FILES.samples);
  const set = await readSampleSetHead(path).catch(() => null);
  return set?.manifest ?? null;
}

/** The data with the names that the structures have now; labels of removed structures are left out. */
function renamed({ structures, cases }: TrainingData, project: ProjectReader): TrainingData {
  const names = structures.map((name) => project.nameNow(name));
  if (names.every((name, index) => name === structures[index])) return { structures, cases };
  const kept = <T>(values: readonly T[]): T[] => values.filter((_, index) => names[index] !== null);
  return {
    structures: names.filter((name) => name !== null),
    cases: cases.map((item) => ({
      ...item,
      present: kept(item.present),
      masks: kept(item.masks),
    })),
  };
}

export async function outlook(project: ProjectReader, labels: Labels): Promise<Outlook> {
  const structures = project.structures.map(({ name }) => name);
  const cases: SampleSetManifest['cases'] = [];
  for (const page of learnedCases(project, structures)) {
    cases.push(...page);
    // Very many cases take seconds: serve other requests in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const now = { structures, cases };
  const run = project.lastRun();
  const before = run && (await manifestOf(project, run));
  const none = { correctedSince: 0, excludedSince: 0, returnedSince: 0 };
  const summary = RunSummaries.parse(run?.summary)[0] ?? null;
  return {
    cases: now.cases.length,
    labels: labelsOf(now).size,
    excluded: labels.count('excluded'),
    since: run?.id ?? null,
    ...(before ? changesSince(renamed(before, project), now) : none),
    secondsPerEpoch: summary && summary.epochs > 0 ? summary.seconds / summary.epochs : null,
    backend: summary?.backend ?? null,
    device: summary?.device ?? null,
  };
}
