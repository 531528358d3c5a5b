/**
 * Damages a label like a flood fill that leaked: where the boundary has the least contrast, the label
 * grows outwards, into pixels that are as bright as the structure there (seeded region growing, Adams and
 * Bischof 1994).
 */
import { area, boundary } from '../imaging/measure.ts';
import { resampleImage } from '../imaging/resample.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { coarsely } from './coarse.ts';
import { grade } from './damage.ts';
import type { Random } from '../../models/random.ts';

/** Number of boundary pixels, drawn at random, among which the leak's start is chosen. */
const CANDIDATES = 24;
/** Inside and outside are compared in a window around a pixel that reaches this many pixels to each side. */
const REACH = 3;

/** Mean grey inside and outside the mask in the window around `at`; null if the window lacks one of them. */
function sides(
  { width, height, data }: Mask,
  grey: Uint16Array,
  at: number,
): { inside: number; outside: number } | null {
  const [cx, cy] = [at % width, Math.floor(at / width)];
  const [sum, count] = [
    [0, 0],
    [0, 0],
  ];
  for (let y = Math.max(0, cy - REACH); y <= Math.min(height - 1, cy + REACH); y += 1) {
    for (let x = Math.max(0, cx - REACH); x <= Math.min(width - 1, cx + REACH); x += 1) {
      const side = data[y * width + x];
      sum[side] += grey[y * width + x];
      count[side] += 1;
    }
  }
  return count[0] === 0 || count[1] === 0
    ? null
    : { inside: sum[1] / count[1], outside: sum[0] / count[0] };
}

/**
 * Compares inside and outside at `CANDIDATES` random boundary pixels.
 * @returns the pixel with the least difference in grey and the grey inside, or null without a boundary
 */
function findGap(
  mask: Mask,
  grey: Uint16Array,
  random: Random,
): { at: number; tone: number } | null {
  const edge = boundary(mask).data;
  const places = Array.from(edge.keys()).filter((i) => edge[i] !== 0);
  let best: { at: number; tone: number; step: number } | null = null;
  for (const at of random.shuffle(places).slice(0, CANDIDATES)) {
    const found = sides(mask, grey, at);
    if (found === null) continue;
    const step = Math.abs(found.inside - found.outside);
    if (best === null || step < best.step) best = { at, tone: found.inside, step };
  }
  return best;
}

/**
 * Grows the mask from the pixel `from` by at most `budget` pixels. Candidates are the pixels that touch
 * `from` or a pixel that joined. In each step, the candidate whose grey is nearest to `tone` joins.
 */
function flood(mask: Mask, grey: Uint16Array, from: number, tone: number, budget: number): Mask {
  const { width, height } = mask;
  const data = mask.data.slice();
  // Waiting pixels, in one list for each difference from `tone` (in 256 steps).
  const waiting: number[][] = Array.from({ length: 256 }, () => []);
  const seen = new Uint8Array(data.length);
  let lowest = 0;
  const visit = (i: number): void => {
    if (seen[i] !== 0 || mask.data[i] !== 0) return;
    seen[i] = 1;
    const difference = Math.min(255, Math.abs(grey[i] - tone) >> 8);
    waiting[difference].push(i);
    lowest = Math.min(lowest, difference);
  };
  const around = (i: number): void => {
    const x = i % width;
    if (x > 0) visit(i - 1);
    if (x < width - 1) visit(i + 1);
    if (i >= width) visit(i - width);
    if (i < width * (height - 1)) visit(i + width);
  };
  around(from);
  for (let left = budget; left > 0; left -= 1) {
    while (lowest < 256 && waiting[lowest].length === 0) lowest += 1;
    const next = waiting[lowest]?.pop();
    if (next === undefined) break;
    data[next] = 1;
    around(next);
  }
  return { width, height, data };
}

/** Adds a leak to the label: an eighth of its area (mild) to its whole area (gross). */
export function leaked(mask: Mask, image: GreyImage, severity: number, random: Random): Mask {
  return coarsely(mask, (coarse) => {
    const grey = resampleImage(image, coarse.width, coarse.height);
    const gap = findGap(coarse, grey, random);
    if (gap === null) return coarse;
    const budget = Math.max(1, Math.round(grade(severity, 0.125, 1) * area(coarse)));
    return flood(coarse, grey, gap.at, gap.tone, budget);
  });
}
