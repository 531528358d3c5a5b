/**
 * The exact Euclidean distance transform in linear time. First it computes the distances along each
 * column, then for each row the lower envelope of one parabola for each column (Felzenszwalb and
 * Huttenlocher 2012; in integers as in Meijster, Roerdink and Hesselink 2000).
 */
import type { Mask } from './types.ts';

/** Stands for the squared distance if the mask has no target pixel. */
export const FAR = 0x7fffffff;

/**
 * The squared distance, in pixels², of each pixel to the nearest inside (or outside) pixel of `mask`;
 * `FAR` everywhere if there is no such pixel. The area beyond the image is neither inside nor outside.
 * Exact if width + height is below 46,340.
 */
export function squaredDistance(mask: Mask, to: 'inside' | 'outside'): Int32Array {
  const { width, height, data } = mask;
  const target = to === 'inside' ? 1 : 0;
  const column = columnDistances(data, width, height, target);
  const beyond = width + height;
  const result = new Int32Array(width * height);
  const sites = new Int32Array(width);
  // starts[k]: the first x at which the parabola of sites[k] is the lowest.
  const starts = new Int32Array(width);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    let top = -1;
    for (let x = 0; x < width; x += 1) {
      const g = column[row + x];
      if (g >= beyond) continue;
      let start = 0;
      while (top >= 0) {
        const site = sites[top];
        const h = column[row + site];
        // The first column u at which (u − x)² + g² is below (u − site)² + h².
        start = Math.floor((x * x - site * site + g * g - h * h) / (2 * (x - site))) + 1;
        if (start > starts[top]) break;
        top -= 1;
      }
      if (top < 0) start = 0;
      if (start >= width) continue;
      top += 1;
      sites[top] = x;
      starts[top] = start;
    }
    if (top < 0) {
      result.fill(FAR, row, row + width);
      continue;
    }
    for (let x = width - 1; x >= 0; x -= 1) {
      while (starts[top] > x) top -= 1;
      const site = sites[top];
      const g = column[row + site];
      result[row + x] = (x - site) * (x - site) + g * g;
    }
  }
  return result;
}

/** Distance to the nearest target pixel in the column; width + height or more if it has none. */
function columnDistances(
  data: Uint8Array,
  width: number,
  height: number,
  target: 0 | 1,
): Int32Array {
  const beyond = width + height;
  const distance = new Int32Array(width * height);
  for (let i = 0; i < distance.length; i += 1) {
    if ((data[i] === 0 ? 0 : 1) === target) distance[i] = 0;
    else distance[i] = i < width ? beyond : distance[i - width] + 1;
  }
  for (let i = distance.length - width - 1; i >= 0; i -= 1) {
    const below = distance[i + width] + 1;
    if (below < distance[i]) distance[i] = below;
  }
  return distance;
}
