/** Names the parts of a run that are trained one after the other. */
import type { RunConfig } from './routes/training.ts';

/** Folds, of which each scores its own cases, or pairs of networks, which judge every case together. */
export interface RunParts {
  readonly word: 'Fold' | 'Pair';
  readonly count: number;
}

/** The parts of a run; null if it is one training of one pair of networks, or its settings are unknown. */
export function runParts(config: Pick<RunConfig, 'folds' | 'pairs'> | null): RunParts | null {
  if (config === null) return null;
  if (config.folds !== null) return { word: 'Fold', count: config.folds };
  return config.pairs > 1 ? { word: 'Pair', count: config.pairs } : null;
}

/** `Fold 2 of 5`, `Pair 1 of 2`. @param part from 1 */
export const partName = ({ word, count }: RunParts, part: number): string =>
  `${word} ${part} of ${count}`;
