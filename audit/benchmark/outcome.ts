/** Claims a cell's folder, and reads the records of its finished training. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readJson, writeJson } from '../training/json.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { CollapseReport } from '../../trainer/messages.ts';
import { epochCurves, readEpochScores } from './epochs.ts';
import type { EpochCurve } from './epochs.ts';

const Summary = z.object({
  backend: z.string(),
  testDice: z.array(z.number().nullable()).nullable(),
  collapse: CollapseReport.nullable(),
  /** Null if the training has no QAM. */
  warmUpEpochs: z.number().int().nonnegative().nullable(),
  seconds: z.number(),
});
export type Summary = z.infer<typeof Summary>;

export async function readSummary(run: string): Promise<Summary> {
  return Summary.parse(await readJson(join(run, RUN_FILES.summary)));
}

/** Reads for each epoch how the QAM weighted the loss of the damaged and of the clean training cases. */
export async function curvesOf(
  samples: string,
  run: string,
  isDamaged: (id: string) => boolean,
): Promise<EpochCurve[]> {
  const set = await SampleSet.open(samples);
  await set.close();
  const known = set.manifest.cases.map(({ id, split }) =>
    split === 'train' ? isDamaged(id) : null,
  );
  return epochCurves(await readEpochScores(join(run, RUN_FILES.scores)), known);
}

/**
 * Claims a folder for a cell: writes `spec` to a new folder, or checks that an earlier call wrote the same.
 * @throws UserError when the folder was claimed with another `spec`
 */
export async function claim(out: string, spec: unknown): Promise<void> {
  const file = join(out, 'experiment.json');
  await mkdir(out, { recursive: true });
  const before = await readJson(file);
  if (before === null) return writeJson(file, spec);
  if (JSON.stringify(before) !== JSON.stringify(spec)) {
    throw new UserError(`${out} holds another experiment: choose another folder with --out.`);
  }
}
