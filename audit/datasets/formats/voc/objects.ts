/** Renumbers the instances of a case (SegmentationObject) after its classes were corrected. */
import type { Mask } from '../../../imaging/types.ts';
import { correctInstances } from '../../masks/instances.ts';
import { distinct, maskOfValue } from '../../masks/masks.ts';
import type { Values } from '../../masks/masks.ts';
import { VOID } from './layout.ts';

const HIGHEST = 254;

function objectsIn(area: Mask, objects: Values): { number: number; mask: Mask }[] {
  const inside = objects.data.map((value, i) => (area.data[i] === 1 ? value : 0));
  const values = { ...objects, data: inside };
  return distinct(inside)
    .filter((number) => number !== 0 && number !== VOID)
    .map((number) => ({ number, mask: maskOfValue(values, number) }));
}

/**
 * Numbers the instances of the corrected classes. An instance keeps its number; new instances get unused
 * numbers. If the numbers up to 254 are used up, all further new instances get 254.
 * @param before,after the class of each pixel before and after the correction; both have the same size
 * @param objects the number of the instance at each pixel before the correction
 * @param corrected the numbers of the corrected classes
 */
export function mergeObjects(
  before: Values,
  after: Values,
  objects: Values,
  corrected: readonly number[],
): Values {
  const data = objects.data.slice();
  for (let i = 0; i < data.length; i += 1) {
    if (after.data[i] !== before.data[i]) data[i] = after.data[i] === VOID ? VOID : 0;
  }
  let free = Math.max(0, ...distinct(objects.data).filter((value) => value !== VOID));
  for (const value of corrected) {
    const own = objectsIn(maskOfValue(before, value), objects);
    const masks = own.map(({ mask }) => mask);
    const { instances, added } = correctInstances(masks, maskOfValue(after, value));
    const numbered = [
      ...instances.map((mask, place) => ({ mask, number: own[place].number })),
      ...added.map((mask) => ({ mask, number: (free = Math.min(free + 1, HIGHEST)) })),
    ];
    for (const { mask, number } of numbered) {
      for (let i = 0; i < data.length; i += 1) if (mask.data[i] === 1) data[i] = number;
    }
  }
  return { ...objects, data };
}
