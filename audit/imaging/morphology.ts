/** Erosion and dilation by a Euclidean disc, holes and connected components of a mask. */
import { squaredDistance } from './distance.ts';
import type { Mask } from './types.ts';

/**
 * The pixels of `mask` further than `radius` pixels from every outside pixel of the image. The
 * border does not erode: what lies beyond the image counts as inside.
 */
export function erode(mask: Mask, radius: number): Mask {
  const limit = radius * radius;
  const distance = squaredDistance(mask, 'outside');
  const data = new Uint8Array(distance.length);
  for (let i = 0; i < data.length; i += 1) data[i] = distance[i] > limit ? 1 : 0;
  return { ...mask, data };
}

/** The pixels at most `radius` pixels from an inside pixel: a union of discs. */
export function dilate(mask: Mask, radius: number): Mask {
  const limit = radius * radius;
  const distance = squaredDistance(mask, 'inside');
  const data = new Uint8Array(distance.length);
  for (let i = 0; i < data.length; i += 1) data[i] = distance[i] <= limit ? 1 : 0;
  return { ...mask, data };
}

/** One connected component. */
export interface Component {
  /** What its pixels carry in `labels`; counting from 1 in reading order of the first pixel. */
  readonly label: number;
  /** Pixels. */
  readonly area: number;
  /** The bounding box; `right` and `bottom` belong to it. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Connected components of the inside pixels.
 * @param neighbours 8 (corners touch; the default) or 4.
 * @returns the components, and per pixel the component's label, 0 outside.
 */
export function components(
  mask: Mask,
  neighbours: 4 | 8 = 8,
): { components: Component[]; labels: Int32Array } {
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
          if (neighbours === 4 && dx !== 0 && dy !== 0) continue;
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

/** The component with the most pixels (the first of equals); an empty mask stays empty. */
export function largestComponent(mask: Mask): Mask {
  const { components: found, labels } = components(mask);
  const largest = found.reduce<Component | null>(
    (best, one) => (best === null || one.area > best.area ? one : best),
    null,
  );
  if (largest === null) return { ...mask, data: mask.data.slice() };
  return { ...mask, data: mask.data.map((_, i) => (labels[i] === largest.label ? 1 : 0)) };
}

/** Fills what is outside but not joined (by edges) to the image's border. */
export function fillHoles(mask: Mask): Mask {
  const { width, height } = mask;
  const inverse: Mask = { ...mask, data: mask.data.map((v) => (v === 0 ? 1 : 0)) };
  const { components: found, labels } = components(inverse, 4);
  const hole = new Uint8Array(found.length + 1);
  for (const { label, left, top, right, bottom } of found) {
    if (left > 0 && top > 0 && right < width - 1 && bottom < height - 1) hole[label] = 1;
  }
  return { ...mask, data: mask.data.map((v, i) => (v !== 0 || hole[labels[i]] === 1 ? 1 : 0)) };
}
