/** What lies in the folder of an experiment, read for its report. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchmarkReport } from '../contract/benchmark.ts';
import { UserError } from '../errors.ts';
import { DRAWN_METHODS, reportOf } from './content.ts';
import { cellName } from './grid.ts';
import { readOutlines } from './outlines.ts';
import type { Outlines } from './outlines.ts';
import { RESULTS_FILE, readResults } from './results.ts';
import type { ResultLine } from './results.ts';

/** Results of thousands of cells; a file that is larger is none of ours. */
const LARGEST_RESULTS = 64 * 1024 * 1024;

/**
 * The report of `results`, with what the cells in `folder` drew.
 * @throws UserError where what a cell drew is damaged
 */
export async function reportIn(
  folder: string,
  results: readonly ResultLine[],
): Promise<BenchmarkReport> {
  const drawn = new Map<string, Outlines>();
  for (const { cell } of results) {
    if (cell.correct || !DRAWN_METHODS.includes(cell.method)) continue;
    const outlines = await readOutlines(join(folder, cellName(cell)));
    if (outlines) drawn.set(cellName(cell), outlines);
  }
  return reportOf(results, drawn);
}

/**
 * The report of the experiment in any folder, of its results as they are now.
 * @throws UserError when there are none, or they cannot be read
 */
export async function openReport(folder: string): Promise<BenchmarkReport> {
  const file = join(folder, RESULTS_FILE);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new UserError(
      `${folder} holds no results of a benchmark: choose the folder that was given with --out.`,
    );
  }
  if (found.size > LARGEST_RESULTS) {
    throw new UserError(
      `${file} is too large for the results of a benchmark: choose another folder.`,
    );
  }
  return reportIn(folder, [...(await readResults(folder)).values()]);
}
