/**
 * Trains again after corrections, as the application does. The worst cases of a cell, or the same number
 * of random cases, get their true masks. Then the training starts from the last weights of the cell.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { Random } from '../../models/random.ts';
import { ordersOf } from '../ranking/order.ts';
import { columnsOf, namesOf } from '../ranking/score-columns.ts';
import { recutSampleSet } from '../samples/recut.ts';
import { readJson, writeJson } from '../training/json.ts';
import { isTrained, trainOnce } from '../training/once.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { RUN_FILES } from '../../models/run-files.ts';
import { knownMean } from '../../models/statistics.ts';
import type { CellOptions } from './cell.ts';
import { CELL_FILES, readPlan } from './cell.ts';
import { calibrateCell } from './expected.ts';
import type { Correction } from './grid.ts';
import { claim, curvesOf, readSummary } from './outcome.ts';
import type { CellResult } from './results.ts';
import { evaluateSamples, scoreSamples } from './scores.ts';

export interface CorrectionOptions extends Pick<
  CellOptions,
  'seed' | 'training' | 'out' | 'backend' | 'signal' | 'onProgress' | 'onMessage'
> {
  readonly correct: Correction;
  /** The folder of the cell whose labels are corrected. */
  readonly base: string;
}

/** Ids of the training cases in the order of correction: worst first, or at random (`correct.order`). */
async function orderOf({ base, correct, seed, ...events }: CorrectionOptions): Promise<string[]> {
  const set = await SampleSet.open(join(base, CELL_FILES.samples));
  try {
    const ids = set.manifest.cases.filter(({ split }) => split === 'train').map(({ id }) => id);
    if (correct.order === 'random') return new Random('correct', seed).shuffle(ids);
    const run = join(base, CELL_FILES.run);
    const { scores } = await scoreSamples(set, run, events);
    const { calibration } = await calibrateCell(set, run, scores, events.signal);
    const places = namesOf(scores);
    const order = ordersOf(columnsOf(scores, places, calibration), places, 'combined').case;
    return Array.from(order.cases, (place) => places.cases[place]);
  } finally {
    await set.close();
  }
}

/** The ids of the cases to correct. The first call chooses them and keeps them in a file. */
async function correctedCases(options: CorrectionOptions): Promise<ReadonlySet<string>> {
  const { out, correct, base } = options;
  const file = join(out, 'corrected.json');
  const known = await readJson(file);
  if (known !== null) return new Set(z.array(z.string()).parse(known));
  const order = await orderOf(options);
  if (correct.cases > order.length) {
    throw new UserError(
      `${base} has ${order.length} training cases: give at most as many with --correct.`,
    );
  }
  const chosen = order.slice(0, correct.cases);
  await writeJson(file, chosen);
  return new Set(chosen);
}

/**
 * Corrects the cases, trains again, and measures how well the remaining damaged cases are found.
 * @throws UserError when the cell `base` has no networks to start from, or has fewer training cases than
 *   should be corrected
 */
export async function runCorrection(options: CorrectionOptions): Promise<CellResult> {
  const { correct, base, seed, training, out, backend, signal, onProgress, onMessage } = options;
  const before = join(base, CELL_FILES.run);
  if (!isTrained(before, true) || !existsSync(join(before, RUN_FILES.weights))) {
    throw new UserError(
      `${before} has no networks to continue from: remove the cell's line from the results to run the cell again.`,
    );
  }
  await claim(out, { base: basename(base), seed, training, correct });
  const corrected = await correctedCases(options);
  const samples = join(out, CELL_FILES.samples);
  const folder = join(out, CELL_FILES.run);
  const whole = await SampleSet.open(join(base, CELL_FILES.samples));
  await whole.close();
  const { cases, structures } = whole.manifest;
  if (!existsSync(samples)) {
    const splits = new Map(cases.map(({ id, split }) => [id, split]));
    const splitOf = (id: string) => splits.get(id) ?? null;
    await recutSampleSet(join(base, CELL_FILES.samples), samples, splitOf, corrected);
  }
  await mkdir(folder, { recursive: true });
  await trainOnce({
    runId: `benchmark-corrected-${seed}`,
    folder,
    sampleSet: samples,
    config: training,
    startFrom: before,
    backend,
    ...(signal && { signal }),
    ...(onMessage && { onMessage: (message) => onMessage(message, null) }),
  });
  const plan = await readPlan(base);
  const damaged = new Set(plan.map((entry) => entry.case));
  const left = (id: string): boolean => !corrected.has(id);
  const errorsLeft = [...damaged].filter(left).length;
  const { testDice, collapse, warmUpEpochs, backend: used, seconds } = await readSummary(folder);
  return {
    damaged: errorsLeft,
    found: damaged.size - errorsLeft,
    cases: cases.filter(({ split }) => split === 'train').length,
    structures,
    ...(await evaluateSamples(samples, folder, plan, { signal, onProgress, left })),
    testDice,
    meanTestDice: knownMean(testDice ?? []),
    collapse,
    warmUp: warmUpEpochs ?? 0,
    curves: await curvesOf(samples, folder, (id) => damaged.has(id) && left(id)),
    backend: used,
    seconds,
  };
}
