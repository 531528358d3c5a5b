/** Operations on whole labels, each a function from mask to mask. */
import { fillMaskHoles, keepLargest, removeIslands } from './components.ts';
import { grow, shrink, smooth } from './morphology.ts';
import type { LabelOperation } from './types.ts';

type Change = (mask: Uint8Array, width: number, height: number) => Uint8Array;

export const OPERATIONS: Readonly<Record<Exclude<LabelOperation, 'proposal'>, Change>> = {
  fill: fillMaskHoles,
  largest: keepLargest,
  islands: removeIslands,
  grow,
  shrink,
  smooth: (mask, width, height) => smooth(mask, width, height),
  clear: (mask) => new Uint8Array(mask.length),
};
