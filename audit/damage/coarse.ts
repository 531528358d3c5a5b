/** Damages a coarse copy of a mask, so that the damage is as visible in 2000² pixels as in 256² pixels. */
import { resampleMask } from '../imaging/resample.ts';
import type { Mask } from '../imaging/types.ts';

/** Longer side of the coarse copy, in pixels; smaller masks keep their size. */
const SIDE = 256;

/**
 * Changes in `mask` the area that `change` changes in the coarse copy; the rest of `mask` stays as it
 * was.
 */
export function coarsely(mask: Mask, change: (coarse: Mask) => Mask): Mask {
  const scale = Math.min(1, SIDE / Math.max(mask.width, mask.height));
  const width = Math.max(1, Math.round(mask.width * scale));
  const height = Math.max(1, Math.round(mask.height * scale));
  const before = resampleMask(mask, width, height);
  const after = change(before);
  const data = mask.data.map((v, i) => {
    const x = i % mask.width;
    const y = (i - x) / mask.width;
    const at =
      Math.floor((y * height) / mask.height) * width + Math.floor((x * width) / mask.width);
    return before.data[at] === after.data[at] ? v : after.data[at];
  });
  return { ...mask, data };
}
