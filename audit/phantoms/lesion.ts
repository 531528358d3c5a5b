/** A lesion: a faint opacity of random size in a lung, with a blurred edge. */
import { closedCurve, smoothStep } from './curves.ts';
import { DistanceField } from './field.ts';
import type { AttenuationPlane } from './tube.ts';
import type { Point } from '../imaging/polygon.ts';
import type { Random } from '../../models/random.ts';

export interface Lesion {
  /** The distance to the outline. On the outline, the opacity has half of its full strength. */
  readonly field: DistanceField;
  /** The attenuation that the middle adds. A lung's air subtracts about 1.5, and the heart adds 0.22. */
  readonly opacity: number;
  /** The opacity rises from zero this far outside the outline to full this far inside, in picture widths. */
  readonly blur: number;
}

/** Smallest and largest radius, in picture widths: 6 to 20 pixels at 256². */
const RADII = [0.024, 0.08] as const;
const OPACITIES = [0.28, 0.6] as const;
/** At most so many places are tried. The first that fits is taken; if none fits, the best one is. */
const TRIES = 60;

/** How well a disc fits into a lung beside the heart. It fits (0 or more) if most of it lies in the lung. */
function fit(
  [x, y]: Point,
  radius: number,
  lungs: readonly DistanceField[],
  heart: DistanceField,
): number {
  const inLung = Math.max(...lungs.map((lung) => lung.at(x, y)));
  return Math.min(inLung - 0.7 * radius, -heart.at(x, y) - 0.01);
}

/** Draws a random lesion. Keep the order of the draws: otherwise a seed gives another lesion. */
export function randomLesion(
  lungs: readonly DistanceField[],
  heart: DistanceField,
  random: Random,
): Lesion {
  const radius = random.uniform(...RADII);
  let best: Point = [0.3, 0.5];
  let fits = -Infinity;
  for (let i = 0; i < TRIES && fits < 0; i += 1) {
    const place: Point = [random.uniform(0.1, 0.9), random.uniform(0.1, 0.85)];
    const own = fit(place, radius, lungs, heart);
    if (own > fits) [best, fits] = [place, own];
  }
  const [cx, cy] = best;
  const turn = random.uniform(0, Math.PI);
  const long = random.uniform(1, 1.35);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const points = Array.from({ length: 11 }, (_, i): Point => {
    const angle = (i / 11) * 2 * Math.PI;
    const r = radius * Math.min(Math.max(1 + 0.1 * random.boundedNormal(), 0.7), 1.3);
    const [u, v] = [r * long * Math.cos(angle), (r / long) * Math.sin(angle)];
    return [cx + cos * u - sin * v, cy + sin * u + cos * v];
  });
  const blur = radius * random.uniform(0.25, 0.5);
  return {
    field: new DistanceField(closedCurve(points, 4), blur, 48),
    opacity: random.uniform(...OPACITIES),
    blur,
  };
}

/** Adds the part of a lesion that lies in a lung to the picture. */
export function drawLesion(
  { data, size }: AttenuationPlane,
  { field, opacity, blur }: Lesion,
  lungs: readonly DistanceField[],
): void {
  field.visit(size, -blur, (i, depth, x, y) => {
    const inLung = Math.max(...lungs.map((lung) => lung.at(x, y)));
    data[i] += opacity * smoothStep(-blur, blur, depth) * smoothStep(0, 0.01, inLung);
  });
}
