/** Sizes of the brush on a logarithmic scale. Pure. */

/** Radii of the brush in image pixels. A radius of 0.5 draws one pixel. */
export const SMALLEST_RADIUS = 0.5;
export const LARGEST_RADIUS = 256;
const STEP = 1.2;

const halves = (radius: number): number => Math.round(radius * 2) / 2;
const within = (radius: number): number =>
  Math.max(SMALLEST_RADIUS, Math.min(LARGEST_RADIUS, halves(radius)));

/**
 * The radius times 1.2 (`by` is 1) or divided by 1.2 (`by` is −1). It changes by half a pixel at least, but
 * stays within the limits.
 */
export function stepped(radius: number, by: 1 | -1): number {
  const next = by > 0 ? radius * STEP : radius / STEP;
  const least = radius + by * 0.5;
  return within(by > 0 ? Math.max(next, least) : Math.min(next, least));
}

/** @param share the slider's position, 0 … 1 */
export function radiusAt(share: number): number {
  return within(SMALLEST_RADIUS * (LARGEST_RADIUS / SMALLEST_RADIUS) ** share);
}

export function shareOf(radius: number): number {
  return Math.log(within(radius) / SMALLEST_RADIUS) / Math.log(LARGEST_RADIUS / SMALLEST_RADIUS);
}

/** The brush's diameter in words: `1 px`, `24 px`. */
export const sizeWords = (radius: number): string => `${Math.round(radius * 2)} px`;
