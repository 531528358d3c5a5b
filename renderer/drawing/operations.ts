/** Operations on whole labels, each a function from mask to mask. */
import { fillBetween, hollow, smoothOutline } from './border.ts';
import { fillMaskHoles, keepLargest, removeIslands } from './components.ts';
import { grow, shrink, smooth } from './morphology.ts';
import type { LabelOperation } from './types.ts';

/** @param radius of the brush, in pixels, for operations that go by its size */
type Change = (mask: Uint8Array, width: number, height: number, radius: number) => Uint8Array;

export const OPERATIONS: Readonly<Record<Exclude<LabelOperation, 'proposal'>, Change>> = {
  fill: fillMaskHoles,
  between: fillBetween,
  largest: keepLargest,
  islands: (mask, width, height) => removeIslands(mask, width, height),
  hollow: (mask, width, height, radius) => hollow(mask, width, height, 2 * radius),
  outline: smoothOutline,
  grow,
  shrink,
  smooth: (mask, width, height) => smooth(mask, width, height),
  clear: (mask) => new Uint8Array(mask.length),
};
