/** Which sample values are shown black and white. Pure. */
import type { Window } from './types.ts';

/** The most samples counted; more would not change a percentile visibly. */
const ENOUGH = 1 << 20;

/**
 * The sample values at two percentiles, which are given as shares 0 … 1. In a large image only evenly
 * spaced samples are counted.
 */
export function percentiles(
  samples: Uint8Array | Uint16Array,
  lower: number,
  upper: number,
): { low: number; high: number } {
  const counts = new Uint32Array(samples instanceof Uint8Array ? 256 : 65536);
  // An even step could count the same columns in every row, so the step is odd.
  const step = Math.max(1, Math.ceil(samples.length / ENOUGH)) | 1;
  let total = 0;
  for (let i = 0; i < samples.length; i += step, total += 1) counts[samples[i]] += 1;
  const at = (share: number): number => {
    const rank = Math.min(total - 1, Math.floor(share * total));
    let seen = 0;
    for (let value = 0; value < counts.length; value += 1) {
      seen += counts[value];
      if (seen > rank) return value;
    }
    return counts.length - 1;
  };
  return { low: at(lower), high: at(upper) };
}

/** The share of an image's samples that are smaller than a value, 0 … 1; the inverse of `percentiles`. */
export function shareBelow(samples: Uint8Array | Uint16Array, value: number): number {
  const step = Math.max(1, Math.ceil(samples.length / ENOUGH)) | 1;
  let [below, total] = [0, 0];
  for (let i = 0; i < samples.length; i += step, total += 1) if (samples[i] < value) below += 1;
  return below / Math.max(1, total);
}

/** A window that is at least one value wide. */
export function windowOf(low: number, high: number, invert: boolean): Window {
  return high > low ? { low, high, invert } : { low: low - 0.5, high: low + 0.5, invert };
}

/**
 * Window and level after a drag of (dx, dy) CSS pixels: right widens, up brightens.
 * @param range largest minus smallest sample; a drag of 800 pixels changes width or level by this much
 */
export function dragged(window: Window, dx: number, dy: number, range: number): Window {
  const step = Math.max(range, 8) / 800;
  const width = Math.max(1, window.high - window.low + dx * step);
  const level = (window.high + window.low) / 2 + dy * step;
  return { low: level - width / 2, high: level + width / 2, invert: window.invert };
}
