/** Runs the cells of an experiment one after the other, keeps each result, and writes the report. */
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeDurably } from '../../models/files.ts';
import type { BackendName, TrainerMessage } from '../../trainer/messages.ts';
import type { OnProgress } from '../datasets/types.ts';
import { runCell } from './cell.ts';
import { runCorrection } from './correct.ts';
import type { ExperimentData } from './dataset.ts';
import { reportIn } from './folder.ts';
import { baseOf, cellName } from './grid.ts';
import type { CellSpec } from './grid.ts';
import { isCrossFit, trainingOf } from './methods.ts';
import { csvReport, htmlReport, markdownReport } from './report.ts';
import { appendResult, readResults } from './results.ts';
import type { CellResult, ResultLine } from './results.ts';

export interface ExperimentEvents {
  /** Called before each cell. `done` is true if the cell has a result already and is skipped. */
  readonly onCell?: (cell: CellSpec, place: { number: number; of: number; done: boolean }) => void;
  readonly onProgress?: OnProgress;
  /** @param fold the number of the fold, from 1, or null if the cell has no cross-fitting */
  readonly onMessage?: (message: TrainerMessage, fold: number | null) => void;
}

export interface Experiment extends ExperimentEvents {
  readonly data: ExperimentData;
  readonly cells: readonly CellSpec[];
  /** The experiment's folder, which gets a folder for each cell, `results.jsonl`, and the report. */
  readonly out: string;
  readonly backend: BackendName | null;
  readonly signal?: AbortSignal;
}

/** The names of the report's files in the experiment's folder. */
export const REPORT_FILES = {
  markdown: 'report.md',
  csv: 'report.csv',
  html: 'report.html',
} as const;

/** Writes the report of all results in `folder`. */
async function writeBenchmarkReport(folder: string): Promise<void> {
  const results = [...(await readResults(folder)).values()];
  const report = await reportIn(folder, results);
  for (const [name, text] of [
    [REPORT_FILES.markdown, markdownReport(report)],
    [REPORT_FILES.csv, csvReport(results)],
    [REPORT_FILES.html, htmlReport(report)],
  ]) {
    await writeDurably(join(folder, name), (file) => file.writeFile(text));
  }
}

/** Runs a cell in its folder. A corrected cell starts from the weights of its cell without corrections. */
async function runOne(experiment: Experiment, cell: CellSpec): Promise<CellResult> {
  const { data, out, backend, signal, onProgress, onMessage } = experiment;
  const { noise, method, seed, size, cases, correct } = cell;
  const common = {
    seed,
    training: trainingOf(method, cell),
    out: join(out, cellName(cell)),
    backend,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
    ...(onMessage && { onMessage }),
  };
  if (correct)
    return runCorrection({ ...common, correct, base: join(out, cellName(baseOf(cell))) });
  return runCell({ ...common, data, noise, size, cases, crossFit: isCrossFit(method) });
}

/**
 * Runs all cells without a result. After an interruption, the same call continues: finished cells do not
 * run again, and the interrupted cell continues after its last epoch.
 * @returns the results of `cells`, in their order
 * @throws UserError when the data does not fit a cell or the trainer fails; AbortError when cancelled
 */
export async function runExperiment(experiment: Experiment): Promise<ResultLine[]> {
  const { data, cells, out, onCell } = experiment;
  await mkdir(out, { recursive: true });
  const results = await readResults(out);
  const found: ResultLine[] = [];
  for (const [index, cell] of cells.entries()) {
    const name = cellName(cell);
    const known = results.get(name);
    onCell?.(cell, { number: index + 1, of: cells.length, done: known !== undefined });
    if (known) {
      found.push(known);
      continue;
    }
    const result = await runOne(experiment, cell);
    const line = { cell, dataset: basename(data.root), result };
    await appendResult(out, line);
    await writeBenchmarkReport(out);
    found.push(line);
  }
  return found;
}
