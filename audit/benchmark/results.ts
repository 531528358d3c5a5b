/** The results of an experiment: `results.jsonl` in its folder has a line for each finished cell. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { RankPer } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { CollapseReport } from '../../trainer/messages.ts';
import { ExpectedFigures } from './expected.ts';
import { EpochCurve } from './epochs.ts';
import { CellSpec, cellName } from './grid.ts';
import { KindFigures } from './kinds.ts';
import { Measure } from './rivals.ts';

export const RESULTS_FILE = 'results.jsonl';

const MeasureRow = z.object({
  by: Measure,
  per: RankPer,
  count: z.number().int(),
  errors: z.number().int(),
  auroc: z.number().nullable(),
  auprc: z.number().nullable(),
  lift: z.array(z.object({ share: z.number(), lift: z.number().nullable() })),
  /** Missing in results of earlier versions. */
  levels: z
    .array(z.object({ below: z.number(), errors: z.number().int(), auroc: z.number().nullable() }))
    .optional(),
  spearman: z.number().nullable(),
});

export const CellResult = z.object({
  /** Number of training cases with a damaged label; `cases` is the number of all training cases. */
  damaged: z.number().int(),
  /** For a corrected cell: how many damaged cases were corrected; `damaged` counts the others. */
  found: z.number().int().optional(),
  cases: z.number().int(),
  structures: z.array(z.string()),
  /**
   * How well each measure finds damaged training cases and labels; empty for the method `no-qam`, which
   * has no measure.
   */
  evaluations: z.array(MeasureRow),
  /** AUROC for each kind of damage; missing for `no-qam` and in results of earlier versions. */
  kinds: z.array(KindFigures).optional(),
  /** How good the expected dice is; missing without a QAM and in results of earlier versions. */
  expected: ExpectedFigures.optional(),
  /**
   * `testDice`: for each structure, the mean dice of the exported segmenter on the clean test cases.
   * `meanTestDice`: the mean over the structures.
   */
  testDice: z.array(z.number().nullable()).nullable(),
  meanTestDice: z.number().nullable(),
  collapse: CollapseReport.nullable(),
  /** Number of epochs before the QAM joined the training; 0 without a QAM. */
  warmUp: z.number().int().nonnegative(),
  curves: z.array(EpochCurve),
  backend: z.string(),
  /** Duration of all epochs together. */
  seconds: z.number(),
});
export type CellResult = z.infer<typeof CellResult>;

export const ResultLine = z.object({
  cell: CellSpec,
  /** The name of the dataset's folder, and its number of training and test cases. */
  dataset: z.string(),
  result: CellResult,
});
export type ResultLine = z.infer<typeof ResultLine>;

/**
 * Reads the results in `folder`. Their keys are the names of the cells, in the order of the file. If a
 * cell has two lines, the last one counts. A last line that was cut off is ignored.
 * @throws UserError when another line is not a result
 */
export async function readResults(folder: string): Promise<Map<string, ResultLine>> {
  const file = join(folder, RESULTS_FILE);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const results = new Map<string, ResultLine>();
  // The text after the last line break is empty or a line that was cut off, so it is left out.
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    let found: ResultLine;
    try {
      found = ResultLine.parse(JSON.parse(line));
    } catch {
      throw new UserError(
        `Line ${index + 1} of ${file} is not a result: remove the line, and its cell will run again.`,
      );
    }
    results.set(cellName(found.cell), found);
  }
  return results;
}

/** Removes a line that a crash cut off, appends a line, and waits until it is on the disk. */
export async function appendResult(folder: string, line: ResultLine): Promise<void> {
  const file = await open(join(folder, RESULTS_FILE), 'a+');
  try {
    const text = await file.readFile('utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) await file.truncate(Buffer.byteLength(text.slice(0, end)));
    await file.appendFile(`${JSON.stringify(line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}
