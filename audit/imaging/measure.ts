/** Measures of masks: area, dice, and the distance between two boundaries. */
import { squaredDistance } from './distance.ts';
import type { Mask } from './types.ts';

/** Number of inside pixels. */
export function area(mask: Mask): number {
  let sum = 0;
  for (let i = 0; i < mask.data.length; i += 1) if (mask.data[i] !== 0) sum += 1;
  return sum;
}

function assertSameSize(a: Mask, b: Mask): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(
      `masks of ${a.width} × ${a.height} and ${b.width} × ${b.height} pixels cannot be compared`,
    );
  }
}

/** 2·|a ∩ b| / (|a| + |b|), 0 … 1; 1 for two empty masks. */
export function dice(a: Mask, b: Mask): number {
  assertSameSize(a, b);
  let both = 0;
  let sum = 0;
  for (let i = 0; i < a.data.length; i += 1) {
    const inA = a.data[i] !== 0;
    const inB = b.data[i] !== 0;
    if (inA) sum += 1;
    if (inB) sum += 1;
    if (inA && inB) both += 1;
  }
  return sum === 0 ? 1 : (2 * both) / sum;
}

/**
 * The inside pixels that have an outside pixel above, below, left or right. The image's border does not
 * count as outside: a structure that is cut off there has no boundary on that side.
 */
export function boundary(mask: Mask): Mask {
  const { width, height, data } = mask;
  const edge = new Uint8Array(data.length);
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      if (data[i] === 0) continue;
      if (
        (x > 0 && data[i - 1] === 0) ||
        (x < width - 1 && data[i + 1] === 0) ||
        (y > 0 && data[i - width] === 0) ||
        (y < height - 1 && data[i + width] === 0)
      ) {
        edge[i] = 1;
      }
    }
  }
  return { width, height, data: edge };
}

/** Distances from a label's boundary to a proposal's boundary. */
export interface BoundaryDistance {
  /** Mean of the signed distances, in pixels; null if either mask has no boundary. */
  readonly mean: number | null;
  /**
   * Share, 0 … 1, of the label's boundary that is further than `threshold` pixels from the proposal's
   * boundary; null if `mean` is null.
   */
  off(threshold: number): number | null;
}

/**
 * Measures for each boundary pixel of `label` the Euclidean distance, in pixels, to the nearest
 * boundary pixel of `proposal`. The distance is negative inside the proposal (the label is too
 * small) and positive outside it (too large).
 */
export function signedBoundary(label: Mask, proposal: Mask): BoundaryDistance {
  assertSameSize(label, proposal);
  const from = boundary(label);
  const to = boundary(proposal);
  const length = area(from);
  if (length === 0 || area(to) === 0) return { mean: null, off: () => null };
  const squared = squaredDistance(to, 'inside');
  const distances = new Float64Array(length);
  let count = 0;
  let sum = 0;
  for (let i = 0; i < squared.length; i += 1) {
    if (from.data[i] === 0) continue;
    const distance = Math.sqrt(squared[i]);
    distances[count] = distance;
    count += 1;
    sum += proposal.data[i] !== 0 ? -distance : distance;
  }
  return {
    mean: sum / length,
    off: (threshold) => distances.reduce((n, d) => n + (d > threshold ? 1 : 0), 0) / length,
  };
}
