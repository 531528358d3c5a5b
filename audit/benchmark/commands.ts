/** The command lines that run the cells of a report again. */
import { cellName } from './grid.ts';
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
    ...(size === 128 ? [] : [`--size ${size}`]),
    ...(epochs === 30 ? [] : [`--epochs ${epochs}`]),
    ...(batch === 8 ? [] : [`--batch ${batch}`]),
    ...(cases === undefined ? [] : [`--cases ${cases}`]),
    ...(correct ? [`--order ${correct.order}`] : []),
  ];
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** Lines that only differ in `part` are one, with the values of all. */
function joined(lines: readonly ResultLine[], keyOf: (cell: CellSpec) => string): ResultLine[][] {
  const groups = new Map<string, ResultLine[]>();
  for (const line of lines) {
    const key = `${line.dataset}\0${keyOf(line.cell)}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()];
}

/** One line of commands for all cells that differ in their seeds, methods and corrected cases alone. */
export function commandRows(results: Iterable<ResultLine>): CommandRow[] {
  const sameSeeds = new Map<string, ResultLine[]>();
  const sameMethod = joined([...results], (cell) => {
    const { correct } = cell;
    const order = correct ? { cases: 1, order: correct.order } : undefined;
    return cellName({ ...cell, seed: 0, correct: order });
  });
  for (const lines of sameMethod) {
    const [{ cell, dataset }] = lines;
    const seeds = distinct(lines.map((line) => line.cell.seed)).sort((a, b) => a - b);
    const counts = distinct(lines.map((line) => line.cell.correct?.cases ?? 0)).filter(Boolean);
    const after = [
      ...(counts.length > 0 ? [`--correct ${counts.sort((a, b) => a - b).join(' ')}`] : []),
      ...(seeds.join() === '0' ? [] : [`--seed ${seeds.join(' ')}`]),
    ];
    const key = [dataset, ...optionsOf(cell), ...after].join(' ');
    sameSeeds.set(key, [...(sameSeeds.get(key) ?? []), ...lines]);
  }
  return [...sameSeeds].map(([options, lines]) => {
    const methods = distinct(lines.map(({ cell }) => cell.method));
    const method = methods.join(' ') === 'overread' ? '' : ` --method ${methods.join(' ')}`;
    return {
      command: `overread benchmark ${options}${method}`,
      cells: lines.length,
      seconds: lines.reduce((sum, { result }) => sum + result.seconds, 0),
    };
  });
}
