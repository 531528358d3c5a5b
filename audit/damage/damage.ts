/**
 * Errors that people make in masks, each from mild (severity 0) to gross (1). Lengths are relative
 * to the structure's thickness, so that errors are equally visible on a clavicle and on a lung.
 */
import { squaredDistance } from '../imaging/distance.ts';
import { area } from '../imaging/measure.ts';
import { components, dilate, erode } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';
import type { Random } from '../../models/random.ts';
import { addLattice, randomLattice } from './lattice.ts';

/** Radius of the largest disc that fits into the mask, in pixels. */
export function thickness(mask: Mask): number {
  const distance = squaredDistance(mask, 'outside');
  let most = 0;
  for (let i = 0; i < distance.length; i += 1) {
    if (mask.data[i] !== 0 && distance[i] > most) most = distance[i];
  }
  return Math.min(Math.sqrt(most), Math.hypot(mask.width, mask.height));
}

/**
 * Interpolates linearly between the value for a mild error (severity 0) and for a gross one (severity 1).
 */
export const grade = (severity: number, mild: number, gross: number): number =>
  mild + (gross - mild) * severity;

export function eroded(mask: Mask, severity: number): Mask {
  return erode(mask, grade(severity, 0.12, 0.6) * thickness(mask));
}

export function dilated(mask: Mask, severity: number): Mask {
  return dilate(mask, grade(severity, 0.15, 0.7) * thickness(mask));
}

function moved(mask: Mask, dx: number, dy: number): Mask {
  const { width, height } = mask;
  const data = new Uint8Array(width * height);
  for (let y = Math.max(dy, 0); y < Math.min(height, height + dy); y += 1) {
    for (let x = Math.max(dx, 0); x < Math.min(width, width + dx); x += 1) {
      data[y * width + x] = mask.data[(y - dy) * width + x - dx];
    }
  }
  return { width, height, data };
}

/** Moves the mask in a random direction. */
export function shifted(mask: Mask, severity: number, random: Random): Mask {
  const angle = random.uniform(0, 2 * Math.PI);
  const length = Math.max(grade(severity, 0.2, 1.1) * thickness(mask), 1);
  return moved(mask, Math.round(length * Math.cos(angle)), Math.round(length * Math.sin(angle)));
}

/** The connected components that have at least a twentieth of the mask's area. */
function partsOf(mask: Mask): { labels: Int32Array; parts: { label: number; area: number }[] } {
  const { components: found, labels } = components(mask);
  const least = area(mask) / 20;
  return { labels, parts: found.filter((part) => part.area >= least) };
}

/** Cuts off 15 % (mild) to 85 % (gross) of the area of one component, along a straight line. */
export function missingPart(mask: Mask, severity: number, random: Random): Mask {
  const { width } = mask;
  const { labels, parts } = partsOf(mask);
  if (parts.length === 0) return mask;
  const { label, area: pixels } = random.pick(parts);
  const angle = random.uniform(0, 2 * Math.PI);
  const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
  const along: number[] = [];
  for (let i = 0; i < labels.length; i += 1) {
    if (labels[i] === label) along.push((i % width) * nx + Math.floor(i / width) * ny);
  }
  along.sort((a, b) => a - b);
  const cut = along[Math.min(Math.floor(pixels * grade(severity, 0.15, 0.85)), pixels - 1)];
  const data = mask.data.map((v, i) =>
    labels[i] === label && (i % width) * nx + Math.floor(i / width) * ny < cut ? 0 : v,
  );
  return { ...mask, data };
}

/** Leaves out one random component; a structure with only one component loses its left or right half. */
export function oneSided(mask: Mask, random: Random): Mask {
  const { width } = mask;
  const { labels, parts } = partsOf(mask);
  if (parts.length > 1) {
    const { label } = random.pick(parts);
    return { ...mask, data: mask.data.map((v, i) => (labels[i] === label ? 0 : v)) };
  }
  let sum = 0;
  mask.data.forEach((v, i) => {
    if (v !== 0) sum += i % width;
  });
  const middle = sum / Math.max(area(mask), 1);
  const sign = random.chance(0.5) ? 1 : -1;
  return { ...mask, data: mask.data.map((v, i) => (((i % width) - middle) * sign > 0 ? 0 : v)) };
}

/** Swaps left and right, as if the picture had been mirrored. */
export function mirrored(mask: Mask): Mask {
  const { width } = mask;
  const data = mask.data.map((_, i) => mask.data[i - 2 * (i % width) + width - 1]);
  return { ...mask, data };
}

/** Moves the boundary in and out by smooth random amounts, like a shaking hand. */
export function ragged(mask: Mask, severity: number, random: Random): Mask {
  const { width, height } = mask;
  const thick = thickness(mask);
  const size = Math.max(width, height);
  const amplitude = grade(severity, 0.22, 0.8) * thick;
  const columns = Math.round(Math.min(Math.max(size / (0.9 * thick), 8), 96));
  const wave = new Float32Array(size * size);
  addLattice(wave, size, randomLattice(columns, random), amplitude);
  const inside = squaredDistance(mask, 'outside');
  const outside = squaredDistance(mask, 'inside');
  const data = mask.data.map((v, i) => {
    const depth = v !== 0 ? Math.sqrt(inside[i]) - 0.5 : 0.5 - Math.sqrt(outside[i]);
    return depth + wave[Math.floor(i / width) * size + (i % width)] > 0 ? 1 : 0;
  });
  return { width, height, data };
}

/**
 * Pulls the whole outline in and out by smooth random amounts: the difference between two people's
 * outlines, or between an automatic outline and a person's. Most of it is large and slow, where `ragged`
 * is small and fast.
 */
export function warped(mask: Mask, severity: number, random: Random): Mask {
  const { width, height } = mask;
  const size = Math.max(width, height);
  const columns = random.integer(3, 7);
  const amplitude = grade(severity, 0.08, 0.6) * thickness(mask);
  const [across, down] = [new Float32Array(size * size), new Float32Array(size * size)];
  addLattice(across, size, randomLattice(columns, random), amplitude);
  addLattice(down, size, randomLattice(columns, random), amplitude);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * size + x;
      const [u, v] = [Math.round(x + across[at]), Math.round(y + down[at])];
      if (u < 0 || v < 0 || u >= width || v >= height) continue;
      data[y * width + x] = mask.data[v * width + u];
    }
  }
  return { width, height, data };
}
