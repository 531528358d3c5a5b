/** Erosion and dilation by a Euclidean disc, and the connected components of a mask. */
import { squaredDistance } from './distance.ts';
import type { Mask } from './types.ts';

/**
 * The pixels of `mask` that are further than `radius` pixels from every outside pixel. The image's
 * border does not erode the mask: everything beyond it counts as inside.
 */
export function erode(mask: Mask, radius: number): Mask {
  const limit = radius * radius;
  const distance = squaredDistance(mask, 'outside');
  const data = new Uint8Array(distance.length);
  for (let i = 0; i < data.length; i += 1) data[i] = distance[i] > limit ? 1 : 0;
  return { ...mask, data };
}

/** The pixels at most `radius` pixels from an inside pixel. */
export function dilate(mask: Mask, radius: number): Mask {
  const limit = radius * radius;
  const distance = squaredDistance(mask, 'inside');
  const data = new Uint8Array(distance.length);
  for (let i = 0; i < data.length; i += 1) data[i] = distance[i] <= limit ? 1 : 0;
  return { ...mask, data };
}

/** One connected component. */
export interface Component {
  /**
   * The component's value in `labels`. Components are numbered from 1, in the reading order of their
   * first pixels.
   */
  readonly label: number;
  /** Number of pixels. */
  readonly area: number;
  /** The bounding box, `right` and `bottom` included. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * The connected components of the inside pixels; pixels that touch at a corner are connected.
 * @returns the components, and for each pixel the `label` of its component (0 outside)
 */
export function components(mask: Mask): { components: Component[]; labels: Int32Array } {
  const { width, height, data } = mask;
  const labels = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  const found: Component[] = [];
  for (let seed = 0; seed < data.length; seed += 1) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    const label = found.length + 1;
    let [area, left, right, bottom] = [0, width, -1, -1];
    let depth = 1;
    stack[0] = seed;
    labels[seed] = label;
    while (depth > 0) {
      depth -= 1;
      const i = stack[depth];
      const x = i % width;
      const y = (i - x) / width;
      area += 1;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y > bottom) bottom = y;
      for (let dy = -1; dy <= 1; dy += 1) {
        if (y + dy < 0 || y + dy >= height) continue;
        for (let dx = -1; dx <= 1; dx += 1) {
          if (x + dx < 0 || x + dx >= width) continue;
          const next = i + dy * width + dx;
          if (data[next] === 0 || labels[next] !== 0) continue;
          labels[next] = label;
          stack[depth] = next;
          depth += 1;
        }
      }
    }
    const top = Math.floor(seed / width);
    found.push({ label, area, left, top, right, bottom });
  }
  return { components: found, labels };
}
