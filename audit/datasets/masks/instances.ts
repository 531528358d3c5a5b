/**
 * Several instances of one structure in one image (ribs, teeth, screws) are one label to a person;
 * this tells them apart again after a correction. Pure.
 */
import { components } from '../../imaging/morphology.ts';
import type { Mask } from '../../imaging/types.ts';

/** What a correction of the united mask means for each instance. */
export interface CorrectedInstances {
  /** As they are now, in the order given; the very same object where nothing changed. */
  readonly instances: readonly Mask[];
  /** Places of those that gained or lost pixels and have some left. */
  readonly changed: readonly number[];
  /** Places of those that lost all they had. */
  readonly emptied: readonly number[];
  /** Those that were not there before, in reading order. */
  readonly added: readonly Mask[];
}

/**
 * Removed pixels leave every instance. Added ones, part by part (8 neighbours), go to the instance
 * that they touch: to the one with the longest shared border where there are several (the first of
 * equals), and a part that touches none is a new instance. What an instance was before counts for
 * touching, so that one which is erased and drawn anew a little aside stays itself.
 * @param before the instances, which may overlap and may be empty.
 * @param corrected their union as it is now, of the same size.
 */
export function correctInstances(before: readonly Mask[], corrected: Mask): CorrectedInstances {
  const { width, height, data } = corrected;
  if (before.some((one) => one.width !== width || one.height !== height)) {
    throw new Error('instances and the corrected mask differ in size');
  }
  const isNew = data.slice();
  for (const { data: pixels } of before) {
    for (let i = 0; i < isNew.length; i += 1) if (pixels[i] === 1) isNew[i] = 0;
  }
  const { components: parts, labels } = components({ width, height, data: isNew });
  const owners = ownersOf(before, parts.length, labels, corrected);
  const instances = before.map((mask, place) => {
    const isOwn = (part: number): boolean => part > 0 && owners[part] === place;
    return afterwards(mask, data, labels, isOwn);
  });
  const wasChanged = instances.flatMap((mask, place) => (mask === before[place] ? [] : [place]));
  return {
    instances,
    changed: wasChanged.filter((place) => instances[place].data.includes(1)),
    emptied: wasChanged.filter((place) => !instances[place].data.includes(1)),
    added: parts
      .filter(({ label }) => owners[label] < 0)
      .map(({ label }) => ({ width, height, data: maskOf(labels, label) })),
  };
}

function maskOf(labels: Int32Array, label: number): Uint8Array {
  const data = new Uint8Array(labels.length);
  for (let i = 0; i < data.length; i += 1) data[i] = labels[i] === label ? 1 : 0;
  return data;
}

function afterwards(
  mask: Mask,
  now: Uint8Array,
  labels: Int32Array,
  isOwn: (part: number) => boolean,
): Mask {
  const data = new Uint8Array(now.length);
  let differs = false;
  for (let i = 0; i < data.length; i += 1) {
    data[i] = (mask.data[i] === 1 && now[i] === 1) || isOwn(labels[i]) ? 1 : 0;
    differs ||= data[i] !== mask.data[i];
  }
  return differs ? { ...mask, data } : mask;
}

/** By a part's label the instance that it goes to; −1: none. */
function ownersOf(
  before: readonly Mask[],
  parts: number,
  labels: Int32Array,
  { width, height }: Mask,
): Int32Array {
  const owners = new Int32Array(parts + 1).fill(-1);
  const longest = new Int32Array(parts + 1);
  if (parts === 0) return owners;
  before.forEach(({ data }, place) => {
    const borders = new Int32Array(parts + 1);
    for (let i = 0; i < labels.length; i += 1) {
      if (labels[i] === 0) continue;
      const x = i % width;
      const y = (i - x) / width;
      // Neighbours by edge and corner, each pair of pixels counted once.
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          borders[labels[i]] += data[ny * width + nx];
        }
      }
    }
    for (let part = 1; part <= parts; part += 1) {
      if (borders[part] <= longest[part]) continue;
      longest[part] = borders[part];
      owners[part] = place;
    }
  });
  return owners;
}
