/** Makes the command lines that repeat the cells of a report. */
import { grouped } from '../../models/groups.ts';
import { USUAL, cellName } from './grid.ts';
import type { CellSpec } from './grid.ts';
import { noiseOptions } from './noise.ts';
import type { ResultLine } from './results.ts';

export interface CommandRow {
  readonly command: string;
  readonly cells: number;
  /** Duration of all trainings of these cells together. */
  readonly seconds: number;
}

/**
 * The options of a cell, except its method, seed and number of corrected cases. An option with its default
 * value is left out.
 */
function optionsOf({ noise, size, epochs, batch, cases, correct }: CellSpec): string[] {
  return [
    ...noiseOptions(noise),
    ...(size === USUAL.size ? [] : [`--size ${size}`]),
    ...(epochs === USUAL.epochs ? [] : [`--epochs ${epochs}`]),
    ...(batch === USUAL.batch ? [] : [`--batch ${batch}`]),
    ...(cases === undefined ? [] : [`--cases ${cases}`]),
    ...(correct ? [`--order ${correct.order}`] : []),
  ];
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** A key of a cell: equal for cells that differ only in the seed or in the number of corrected cases. */
function sharedBy({ cell, dataset }: ResultLine): string {
  const { correct } = cell;
  const order = correct ? { cases: 1, order: correct.order } : undefined;
  return `${dataset}\0${cellName({ ...cell, seed: 0, correct: order })}`;
}

/**
 * The arguments of the command line that runs `lines`, all of one method, without the option of the
 * method. Methods with the same arguments share a command line.
 */
function optionsOfAll(lines: readonly ResultLine[]): string {
  const [{ cell, dataset }] = lines;
  const ascending = (values: readonly number[]) => distinct(values).sort((a, b) => a - b);
  const seeds = ascending(lines.map((line) => line.cell.seed));
  const counts = ascending(lines.flatMap((line) => line.cell.correct?.cases ?? []));
  return [
    ...[dataset, ...optionsOf(cell)],
    ...(counts.length > 0 ? [`--correct ${counts.join(' ')}`] : []),
    ...(seeds.join() === '0' ? [] : [`--seed ${seeds.join(' ')}`]),
  ].join(' ');
}

/**
 * Makes the command lines. One command line runs all cells that differ only in the seed, the method and
 * the number of corrected cases, if every method has the same seeds and numbers.
 */
export function commandRows(results: Iterable<ResultLine>): CommandRow[] {
  return grouped(grouped(results, sharedBy), optionsOfAll).map((sameOptions) => {
    const lines = sameOptions.flat();
    const methods = distinct(lines.map(({ cell }) => cell.method));
    const method = methods.join(' ') === 'overread' ? '' : ` --method ${methods.join(' ')}`;
    return {
      command: `overread benchmark ${optionsOfAll(sameOptions[0])}${method}`,
      cells: lines.length,
      seconds: lines.reduce((sum, { result }) => sum + result.seconds, 0),
    };
  });
}
