/** Marks on a radiograph: the lead letter for the side, and a masked name plate. */
import type { Point } from '../imaging/polygon.ts';
import type { Random } from '../../models/random.ts';
import type { Tube } from './tube.ts';

/** The strokes of each letter, in a box from (0, 0) to (1, 1). */
const LETTERS: Readonly<Record<'L' | 'R', readonly (readonly Point[])[]>> = {
  L: [
    [
      [0.15, 0],
      [0.15, 1],
    ],
    [
      [0.1, 0.92],
      [0.75, 0.92],
    ],
  ],
  R: [
    [
      [0.15, 0],
      [0.15, 1],
    ],
    [
      [0.1, 0.06],
      [0.5, 0.06],
      [0.68, 0.14],
      [0.72, 0.27],
      [0.66, 0.42],
      [0.5, 0.5],
      [0.2, 0.52],
    ],
    [
      [0.4, 0.52],
      [0.75, 1],
    ],
  ],
};

/** The name plate: an unexposed rectangle, in unit coordinates. */
export interface Plate {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Markers {
  readonly letter: readonly Tube[];
  readonly plates: readonly Plate[];
}

/**
 * Draws random marks. Most radiographs get an L at the patient's left or an R at the right; some get a
 * name plate at the top edge.
 */
export function markers(random: Random): Markers {
  const name = random.chance(0.5) ? 'L' : 'R';
  const size = random.uniform(0.03, 0.045);
  const x = random.uniform(0.02, 0.08);
  const left = name === 'L' ? 1 - x - size : x;
  const top = random.chance(0.75) ? random.uniform(0.02, 0.07) : random.uniform(0.86, 0.92);
  const slant = 0.1 * random.boundedNormal();
  const tubes = LETTERS[name].map((stroke): Tube => {
    const line = stroke.map(([px, py]): Point => {
      const [dx, dy] = [(px - 0.5) * size, (py - 0.5) * size];
      return [left + size / 2 + dx - slant * dy, top + size / 2 + dy + slant * dx];
    });
    return {
      line,
      halfWidth: line.map(() => 0.075 * size),
      weight: line.map(() => 2.2),
      profile: () => 1,
    };
  });
  const plates: Plate[] = [];
  if (random.chance(0.35)) {
    const [width, height] = [random.uniform(0.09, 0.15), random.uniform(0.04, 0.09)];
    const from = random.chance(0.5) ? random.uniform(0.02, 0.15) : random.uniform(0.72, 0.84);
    plates.push({ left: from, top: -1, right: from + width, bottom: height });
  }
  return { letter: random.chance(0.8) ? tubes : [], plates };
}
