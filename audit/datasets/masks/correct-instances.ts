/**
 * The instances of a label after its correction where there may be many: only the rectangle that
 * changed is held for each, and whole masks are drawn one after the other. Pure.
 */
import { differingPixels } from '../../imaging/polygon.ts';
import { resampleMask } from '../../imaging/resample.ts';
import type { Mask } from '../../imaging/types.ts';
import { correctInstances } from './instances.ts';

/** Left and top belong to it, right and bottom do not. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What has to be written: places of instances with their new masks, null for those that are empty. */
export interface InstanceEdits {
  readonly changed: ReadonlyMap<number, Mask | null>;
  readonly added: readonly Mask[];
}

/** Where the masks differ, and one pixel around: what touches a difference lies in it. */
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
 * A correction at the size that the instances have: where that of the image is another, only what was
 * touched there differs from before.
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

/** In how many pixels a correction, written at the size that the instances have, differs when read again. */
export function lostToSize(before: Mask, corrected: Mask): number {
  const { width, height } = corrected;
  return differingPixels(resampleMask(atOwnSize(before, corrected), width, height), corrected);
}

/**
 * See `correctInstances`, whose result this is.
 * @param draw draws the mask of the instance at a place anew, each time it is asked.
 */
export function editInstances(
  count: number,
  draw: (place: number) => Mask,
  before: Mask,
  corrected: Mask,
): InstanceEdits {
  const changed = new Map<number, Mask | null>();
  const box = differenceBox(before, corrected);
  if (box === null) return { changed, added: [] };
  const parts = Array.from({ length: count }, (_, place) => crop(draw(place), box));
  const after = correctInstances(parts, crop(corrected, box));
  for (const place of [...after.changed, ...after.emptied]) {
    const mask = paste(after.instances[place], box, draw(place));
    changed.set(place, mask.data.includes(1) ? mask : null);
  }
  const { width, height } = corrected;
  const added = after.added.map((part) =>
    paste(part, box, { width, height, data: new Uint8Array(width * height) }),
  );
  return { changed, added };
}
