/** Reads the folder of an experiment for its report. */
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

/** The largest size of `results.jsonl`, in bytes; it has room for thousands of cells. */
const LARGEST_RESULTS = 64 * 1024 * 1024;

/**
 * Makes the report of `results`, with the outlines of the cells in `folder`.
 * @throws UserError when a file of outlines is damaged
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
 * Makes the report of the experiment in a folder, from its results so far.
 * @throws UserError when the folder has no results, or they cannot be read
 */
export async function openReport(folder: string): Promise<BenchmarkReport> {
  const file = join(folder, RESULTS_FILE);
  const found = await stat(file).catch(() => null);
  if (!found?.isFile()) {
    throw new UserError(
      `${folder} holds no results of a benchmark: choose the folder that --out named.`,
    );
  }
  if (found.size > LARGEST_RESULTS) {
    throw new UserError(
      `${file} is too large for the results of a benchmark: choose another folder.`,
    );
  }
  return reportIn(folder, [...(await readResults(folder)).values()]);
}
