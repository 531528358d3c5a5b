/**
 * Applies the correction of a label to its instances. To save memory with many instances, it keeps of
 * each instance only the rectangle around the correction, and draws whole masks one after another. Pure.
 */
import { differingPixels } from '../../imaging/polygon.ts';
import { resampleMask } from '../../imaging/resample.ts';
import type { Mask } from '../../imaging/types.ts';
import { correctInstances } from './instances.ts';
import type { Size } from './segmentation.ts';

/** A rectangle: includes left and top, excludes right and bottom. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The instances that a correction changed or added. */
export interface InstanceEdits {
  /** The new masks of changed instances by their index; null if nothing is left of the instance. */
  readonly changed: ReadonlyMap<number, Mask | null>;
  readonly added: readonly Mask[];
}

/** The box around the pixels that differ, one pixel wider on each side; null if none differ. */
function differenceBox(a: Mask, b: Mask): Box | null {
  const { width, height } = a;
  let [left, top, right, bottom] = [width, -1, -1, -1];
  for (let i = 0; i < a.data.length; i += 1) {
    if (a.data[i] === b.data[i]) continue;
    const x = i % width;
    const y = (i - x) / width;
    if (top < 0) top = y;
    bottom = y;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  if (top < 0) return null;
  return {
    left: Math.max(0, left - 1),
    top: Math.max(0, top - 1),
    right: Math.min(width, right + 2),
    bottom: Math.min(height, bottom + 2),
  };
}

function crop(mask: Mask, box: Box): Mask {
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = (box.top + y) * mask.width + box.left;
    data.set(mask.data.subarray(from, from + width), y * width);
  }
  return { width, height, data };
}

function paste(part: Mask, box: Box, into: Mask): Mask {
  for (let y = 0; y < part.height; y += 1) {
    const row = part.data.subarray(y * part.width, (y + 1) * part.width);
    into.data.set(row, (box.top + y) * into.width + box.left);
  }
  return into;
}

/**
 * The corrected mask at the size of the instances (`before`). If the image has another size, the mask is
 * resampled, but pixels that the correction did not change stay as in `before`.
 */
export function atOwnSize(before: Mask, corrected: Mask): Mask {
  const { width, height } = before;
  if (corrected.width === width && corrected.height === height) return corrected;
  const imported = resampleMask(before, corrected.width, corrected.height);
  const was = resampleMask(imported, width, height);
  const now = resampleMask(corrected, width, height);
  const data = before.data.map((value, i) => (was.data[i] === now.data[i] ? value : now.data[i]));
  return { width, height, data };
}

/**
 * Number of pixels that differ from the correction after it was written at the instances' size and read
 * again.
 */
export function lostToSize(before: Mask, corrected: Mask): number {
  const { width, height } = corrected;
  return differingPixels(resampleMask(atOwnSize(before, corrected), width, height), corrected);
}

/** The note on a label whose instances have another size than its image, or undefined if the sizes agree. */
export function resizedNote(image: Size, own: Size): string | undefined {
  if (own.width === image.width && own.height === image.height) return undefined;
  return `was corrected at ${image.width} × ${image.height} and written at the file’s size, ${own.width} × ${own.height}.`;
}

/**
 * Gives the same changes as `correctInstances`, but needs less memory.
 * @param count number of instances
 * @param draw draws a new mask of the instance with this index
 * @param before the union of the instances
 */
export function editInstances(
  count: number,
  draw: (index: number) => Mask,
  before: Mask,
  corrected: Mask,
): InstanceEdits {
  const changed = new Map<number, Mask | null>();
  const box = differenceBox(before, corrected);
  if (box === null) return { changed, added: [] };
  const parts = Array.from({ length: count }, (_, index) => crop(draw(index), box));
  const after = correctInstances(parts, crop(corrected, box));
  for (const index of [...after.changed, ...after.emptied]) {
    const mask = paste(after.instances[index], box, draw(index));
    changed.set(index, mask.data.includes(1) ? mask : null);
  }
  const { width, height } = corrected;
  const added = after.added.map((part) =>
    paste(part, box, { width, height, data: new Uint8Array(width * height) }),
  );
  return { changed, added };
}
