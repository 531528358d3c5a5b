/**
 * Splits a corrected label into its instances. Several instances of one structure (ribs, teeth, screws)
 * are one label in Overread, but separate annotations in a dataset. Pure.
 */
import { components } from '../../imaging/morphology.ts';
import type { Mask } from '../../imaging/types.ts';

/** The instances of a label after a person corrected the label, which is their union. */
export interface CorrectedInstances {
  /** All instances in the given order. An unchanged instance is the same object as before. */
  readonly instances: readonly Mask[];
  /** Indices of the instances that gained or lost pixels and are not empty. */
  readonly changed: readonly number[];
  /** Indices of the instances that lost all their pixels. */
  readonly emptied: readonly number[];
  /** New instances, in reading order. */
  readonly added: readonly Mask[];
}

/**
 * Applies the correction of a label to its instances. Every instance loses its erased pixels. The added
 * pixels form connected parts (8 neighbours), and each part joins the instance that it touches. If a part
 * touches several, it joins the one with the longest shared border (the first of equals); if it touches
 * none, it is a new instance. Parts are compared with the instances before the correction, so an instance
 * that is erased and redrawn a little aside remains the same instance.
 * @param before the instances; they may overlap or be empty
 * @param corrected the corrected union, of the same size
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
  const instances = before.map((mask, index) => {
    const isOwn = (part: number): boolean => part > 0 && owners[part] === index;
    return afterwards(mask, data, labels, isOwn);
  });
  const touched = instances.flatMap((mask, index) => (mask === before[index] ? [] : [index]));
  return {
    instances,
    changed: touched.filter((index) => instances[index].data.includes(1)),
    emptied: touched.filter((index) => !instances[index].data.includes(1)),
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

/**
 * For each added part, by its number in `labels`: the index of the instance that it joins; −1 if it is a
 * new instance.
 */
function ownersOf(
  before: readonly Mask[],
  parts: number,
  labels: Int32Array,
  { width, height }: Mask,
): Int32Array {
  const owners = new Int32Array(parts + 1).fill(-1);
  const longest = new Int32Array(parts + 1);
  if (parts === 0) return owners;
  before.forEach(({ data }, index) => {
    const borders = new Int32Array(parts + 1);
    for (let i = 0; i < labels.length; i += 1) {
      if (labels[i] === 0) continue;
      const x = i % width;
      const y = (i - x) / width;
      // Counts the pixels of the instance that touch this pixel of the part by an edge or a corner.
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          borders[labels[i]] += data[ny * width + nx];
        }
      }
    }
    for (let part = 1; part <= parts; part += 1) {
      if (borders[part] <= longest[part]) continue;
      longest[part] = borders[part];
      owners[part] = index;
    }
  });
  return owners;
}
