/** Results of an experiment: `results.jsonl` in its folder, a line a cell, written when the cell ends. */
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
  spearman: z.number().nullable(),
});

export const CellResult = z.object({
  /** Damaged cases, and all training cases. */
  damaged: z.number().int(),
  /** Of a cell whose labels were corrected: the damaged cases among them; `damaged` are left. */
  found: z.number().int().optional(),
  cases: z.number().int(),
  structures: z.array(z.string()),
  /** How well each measure tells damaged training cases from clean ones; empty without a QAM. */
  evaluations: z.array(MeasureRow),
  /** The same of each kind of damage; left out without a measure, and by earlier versions. */
  kinds: z.array(KindFigures).optional(),
  /** How good the expected dice is; left out without a QAM, and by earlier versions. */
  expected: ExpectedFigures.optional(),
  /** Mean dice of the averaged segmenter on the clean test cases, per structure, and over them. */
  testDice: z.array(z.number().nullable()).nullable(),
  meanTestDice: z.number().nullable(),
  collapse: CollapseReport.nullable(),
  /** Epochs before the QAM joined. */
  warmUp: z.number().int().nonnegative(),
  curves: z.array(EpochCurve),
  backend: z.string(),
  /** Of all epochs. */
  seconds: z.number(),
});
export type CellResult = z.infer<typeof CellResult>;

export const ResultLine = z.object({
  cell: CellSpec,
  /** Of the dataset: its folder's name, and the training and test cases. */
  dataset: z.string(),
  result: CellResult,
});
export type ResultLine = z.infer<typeof ResultLine>;

/**
 * The results in `folder`, by the cells' names, in the order in which they came; of a cell that stands
 * there twice the last. A last line that was cut off counts as never written.
 * @throws UserError where another line is none
 */
export async function readResults(folder: string): Promise<Map<string, ResultLine>> {
  const file = join(folder, RESULTS_FILE);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const results = new Map<string, ResultLine>();
  // What stands behind the last line's end is nothing, or a line that was cut off.
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    let found: ResultLine;
    try {
      found = ResultLine.parse(JSON.parse(line));
    } catch {
      throw new UserError(
        `Line ${index + 1} of ${file} is no result: remove the line, and its cell is run again.`,
      );
    }
    results.set(cellName(found.cell), found);
  }
  return results;
}

/** Appends a line and waits until it is on the disk; what a crash left of one before goes. */
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
