/**
 * Damage that goes pixel by pixel, made on a coarse raster: as visible on a mask of 2000² pixels as on
 * one of 256².
 */
import { resampleMask } from '../imaging/resample.ts';
import type { Mask } from '../imaging/types.ts';

/** The raster's longer side, in pixels; a smaller mask is its own raster. */
const SIDE = 256;

/** Changes `mask` where `change` changes its coarse copy, and nowhere else. */
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
