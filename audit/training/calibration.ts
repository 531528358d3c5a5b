/** Calibrates a finished run: learns to predict a label's dice with the true mask from its scores. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labelKey } from '../contract/label-key.ts';
import type { OnProgress } from '../datasets/types.ts';
import { calibrate, trustedLabels } from '../ranking/calibrate.ts';
import { presentScores, verdictLookup } from '../ranking/present.ts';
import { Scorer } from '../scoring/scorer.ts';
import type { PlantedScore } from '../scoring/types.ts';
import type { ProjectWriter, Run } from '../store/types.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { judgingParts } from './parts.ts';

/**
 * Plants errors of known size on the labels with the run's best scores, scores the damaged labels with
 * the run's networks, and stores the calibration. Does nothing if the run's sample set is gone.
 * @throws Interrupted when the scorer crashes; AbortError when cancelled
 */
export async function calibrateRun(
  project: ProjectWriter,
  run: Run,
  events: { readonly signal?: AbortSignal; readonly onProgress?: OnProgress } = {},
): Promise<void> {
  const folder = project.runFolder(run.id);
  const samples = join(folder, RUN_FILES.samples);
  if (!existsSync(samples)) return;
  const verdictOf = verdictLookup(project);
  const scores = presentScores(project, run.id, verdictOf);
  const trusted = trustedLabels(scores, (id, structure) => {
    const verdict = verdictOf(id, structure);
    return verdict === 'excluded' || verdict === 'flagged';
  });
  const planted: PlantedScore[] = [];
  const parts = await judgingParts(folder);
  const started = performance.now();
  for (const [index, { pairs, cases }] of parts.entries()) {
    const judged = cases === null ? null : new Set(cases);
    const own = scores
      .filter(({ case: id }) => judged?.has(id) ?? true)
      .map(({ case: id, structure }) => labelKey(id, structure))
      .filter((key) => trusted.has(key));
    const scorer = await Scorer.open(
      { pairs, labels: join(project.folder, 'labels') },
      { threads: 1, ...(events.signal && { signal: events.signal }) },
    );
    try {
      const onProgress = (done: number, total: number): void => {
        const [passed, all] = [index * total + done, parts.length * total];
        const each = (performance.now() - started) / 1000 / passed;
        events.onProgress?.({
          task: 'score',
          message: 'Planting errors of known size',
          done: passed,
          total: all,
          secondsLeft: each * (all - passed),
        });
      };
      planted.push(...(await scorer.plant(samples, new Set(own), onProgress)));
    } finally {
      await scorer.close();
    }
  }
  project.saveCalibration(run.id, calibrate(scores, trusted, planted));
}
