/** The command lines that run the cells of a report again. */
import { grouped } from '../../models/groups.ts';
import { USUAL, cellName } from './grid.ts';
import type { CellSpec } from './grid.ts';
import { noiseOptions } from './noise.ts';
import type { ResultLine } from './results.ts';

export interface CommandRow {
  readonly command: string;
  readonly cells: number;
  /** That the trainings took, in all. */
  readonly seconds: number;
}

/** What differs from the command's own defaults, of what all cells of a line share. */
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

/** What all cells of one method on one line share; of corrections the order alone. */
function sharedBy({ cell, dataset }: ResultLine): string {
  const { correct } = cell;
  const order = correct ? { cases: 1, order: correct.order } : undefined;
  return `${dataset}\0${cellName({ ...cell, seed: 0, correct: order })}`;
}

/** Options of the cells of one method, that others may share. */
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

/** One line of commands for all cells that differ in their seeds, methods and corrected cases alone. */
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
