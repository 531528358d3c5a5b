/** Lists the cells of an experiment. A cell is one training and its figures, for a noise, method and seed. */
import { z } from 'zod';
import type { NoiseSpec } from './noise.ts';
import { NoiseSpec as Noise, noiseName, parseNoise } from './noise.ts';
import { METHOD_NAMES, hasQam } from './methods.ts';
import type { MethodName } from './methods.ts';

/** Corrections before another training: how many cases are corrected, and which ones. */
export const Correction = z.object({
  cases: z.number().int().positive(),
  /** `rank`: the worst cases by the combined score. `random`: random cases. */
  order: z.enum(['rank', 'random']),
});
export type Correction = z.infer<typeof Correction>;

export const CellSpec = z.object({
  noise: Noise,
  method: z.enum(METHOD_NAMES),
  /** Seed of the noise, of the draw of cases, and of the training. */
  seed: z.number().int().nonnegative(),
  /** Side of the networks' square input, in pixels. */
  size: z.number().int().positive(),
  epochs: z.number().int().positive(),
  batch: z.number().int().min(2),
  /** Number of training cases, which the seed draws; without this number, all training cases are used. */
  cases: z.number().int().min(2).optional(),
  /** If present, labels are corrected and the training starts from the same cell without corrections. */
  correct: Correction.optional(),
});
export type CellSpec = z.infer<typeof CellSpec>;

/** The name of a cell: the name of its folder, and the key of its line in the results (`readResults`). */
export function cellName(spec: CellSpec): string {
  const { noise, method, seed, size, epochs, batch, cases, correct } = spec;
  const some = cases === undefined ? '' : `-n${cases}`;
  const after = correct === undefined ? '' : `-corrected${correct.cases}-${correct.order}`;
  return `${noiseName(noise)}-${method}-seed${seed}-${size}px-${epochs}e-b${batch}${some}${after}`;
}

/** The cell without corrections whose weights a corrected cell starts from. */
export function baseOf(spec: CellSpec): CellSpec {
  const base = { ...spec };
  delete base.correct;
  return base;
}

/** Adds corrected cells: after each cell come its copies, one with each of `corrections`. */
export function withCorrections(
  cells: readonly CellSpec[],
  corrections: readonly Correction[],
): CellSpec[] {
  return cells.flatMap((cell) => [cell, ...corrections.map((correct) => ({ ...cell, correct }))]);
}

/** The default settings of a cell. */
export const USUAL = { size: 128, epochs: 30, batch: 8 } as const;

export interface GridOptions {
  readonly noises: readonly NoiseSpec[];
  readonly methods: readonly MethodName[];
  readonly seeds: readonly number[];
  readonly size: number;
  readonly epochs: number;
  readonly batch: number;
  readonly cases?: number;
}

/** One cell for each combination; all cells of the first seed come first. */
export function gridCells({ noises, methods, seeds, ...common }: GridOptions): CellSpec[] {
  return seeds.flatMap((seed) =>
    noises.flatMap((noise) => methods.map((method) => ({ noise, method, seed, ...common }))),
  );
}

type Common = Pick<GridOptions, 'size' | 'epochs' | 'batch' | 'cases'>;

const SHARES = [0.5, 0.25, 0.75];

/** Experiments by name; each lists its most important cells first. */
export const GRIDS: Readonly<Record<string, (common: Common) => CellSpec[]>> = {
  /**
   * Repeats the table of the Pick-and-Learn paper, with and without the QAM. Noises that damage half of the
   * cases run with three seeds, all other noises with one.
   */
  paper: (common) => {
    const noisy = SHARES.flatMap((share) =>
      ['high', 'low'].map((name) => parseNoise(name, { share })),
    );
    const methods: MethodName[] = ['overread', 'no-qam'];
    const half = noisy.filter(({ share }) => share === 0.5);
    return [
      ...gridCells({ ...common, noises: [...noisy, parseNoise('none')], methods, seeds: [0] }),
      ...gridCells({ ...common, noises: half, methods, seeds: [1, 2] }),
    ];
  },
  /**
   * Answers the open questions of the Pick-and-Learn paper: runs each method that has a QAM on the three
   * noises that are hardest.
   */
  questions: (common) => {
    const noises = [parseNoise('low'), parseNoise('high'), parseNoise('all-large')];
    const methods = METHOD_NAMES.filter(hasQam);
    return gridCells({ ...common, noises, methods, seeds: [0] });
  },
};
