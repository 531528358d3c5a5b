/** The brush and the eraser in the hand of a person who sees the truth. */
import { paintCapsule } from '../../../renderer/drawing/capsule.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import type { Repair } from './work.ts';

const RADII = [2, 3, 5, 8, 12, 18, 27];
const MOST_DABS = 600;
const ON_WRONG = 8;

/** For each radius how far the disc's rows reach to either side, and its area. */
const HALVES = Object.fromEntries(
  RADII.map((radius) => {
    const rows = Array.from({ length: 2 * radius + 1 }, (_, n) =>
      Math.floor(Math.sqrt(radius * radius - (n - radius) ** 2)),
    );
    return [radius, { rows, area: rows.reduce((sum, half) => sum + 2 * half + 1, 0) }];
  }),
);

interface Dab extends Position {
  readonly radius: number;
  readonly value: 0 | 1;
  /** Wrong pixels that it mends, less right ones that it spoils. */
  readonly gain: number;
  /** The gain for a millimetre. */
  readonly share: number;
}

/**
 * Mends the label by strokes. The next dab is always the one that mends the most for its way; a stroke ends when
 * another place is worth a press.
 */
export function brushRepair(repair: Repair): void {
  let last = null as Dab | null;
  let way: Position[] = [];
  let elsewhere = 0;
  const end = (): void => {
    if (way.length > 0) repair.drag(way);
    way = [];
  };
  for (let n = 0; n < MOST_DABS && !repair.done; n += 1) {
    const near: Dab | null = last && bestNear(repair, last);
    // What is best elsewhere only gets worse while a stroke mends, so it is not looked for each time.
    const looks: boolean = near === null || near.share < elsewhere || n % 4 === 0;
    const next: Dab | null = looks ? bestAnywhere(repair, last) : null;
    if (looks) elsewhere = next?.share ?? 0;
    const goesOn: boolean = near !== null && near.share >= elsewhere;
    const chosen: Dab | null = goesOn ? near : next;
    if (!chosen) break;
    if (!goesOn) {
      end();
      repair.take(chosen.radius);
    }
    way.push(chosen);
    paintCapsule(repair.canvas, goesOn && last ? last : chosen, chosen, chosen.value);
    last = chosen;
  }
  end();
}

const apart = (repair: Repair, a: Position, b: Position): number =>
  Math.max(0.1, repair.millimetresOf(Math.hypot(a.x - b.x, a.y - b.y)));

/** The dab that mends the most for its press and the way to it. @param last the dab before */
function bestAnywhere(repair: Repair, last: Dab | null): Dab | null {
  let best: Dab | null = null;
  for (const value of [0, 1] as const) {
    const sums = sumsOf(repair, value);
    if (!sums) continue;
    for (const radius of RADII.toReversed()) {
      const { left, right, top, bottom } = sums;
      const cost = repair.costOf(radius);
      if (HALVES[radius].area / cost <= (best?.share ?? 0)) continue;
      // Large discs are tried at fewer places; small ones only on wrong pixels.
      const step = Math.max(1, Math.floor(radius / 4));
      for (let y = top; y <= bottom; y += step) {
        for (let x = left; x <= right; x += step) {
          if (radius <= ON_WRONG && !isWrong(repair, sums.rows, x, y)) continue;
          const gain = gainAt(repair, sums.rows, x, y, radius);
          const share =
            gain / (cost + (last ? repair.millimetresOf(Math.hypot(x - last.x, y - last.y)) : 0));
          if (share > (best?.share ?? 0))
            best = { x: x + 0.5, y: y + 0.5, radius, value, gain, share };
        }
      }
    }
  }
  return best;
}

/** The dab near the last one, of its size, that mends the most for its way. */
function bestNear(repair: Repair, last: Dab): Dab | null {
  const { width, height } = repair.of;
  const sums = sumsOf(repair, last.value);
  if (!sums) return null;
  const reach = Math.ceil(2 * last.radius) + 2;
  let best: Dab | null = null;
  const [cx, cy] = [Math.floor(last.x), Math.floor(last.y)];
  for (let y = Math.max(0, cy - reach); y <= Math.min(height - 1, cy + reach); y += 1) {
    for (let x = Math.max(0, cx - reach); x <= Math.min(width - 1, cx + reach); x += 1) {
      const gain = gainAt(repair, sums.rows, x, y, last.radius);
      if (gain <= 0 || (x === cx && y === cy)) continue;
      const place = { x: x + 0.5, y: y + 0.5 };
      const share = gain / apart(repair, place, last);
      if (share > (best?.share ?? 0)) best = { ...last, ...place, gain, share };
    }
  }
  return best;
}

interface Sums {
  /** For each row the sums of its first 0, 1, 2 … pixels: 1 to be mended, −1 to be spoilt. */
  readonly rows: Int32Array;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What painting `value` does; null if there is nothing to mend by it. */
function sumsOf({ mask, of: { width, height, truth } }: Repair, value: 0 | 1): Sums | null {
  const rows = new Int32Array((width + 1) * height);
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y += 1) {
    let sum = 0;
    for (let x = 0; x < width; x += 1) {
      const i = y * width + x;
      if (mask[i] !== value) {
        if (truth[i] === value) {
          sum += 1;
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = y;
        } else sum -= 1;
      }
      rows[y * (width + 1) + x + 1] = sum;
    }
  }
  return right < 0 ? null : { rows, left, right, top, bottom };
}

/** Whether painting mends this pixel. */
function isWrong({ of: { width } }: Repair, rows: Int32Array, x: number, y: number): boolean {
  const start = y * (width + 1) + x;
  return rows[start + 1] > rows[start];
}

function gainAt(
  { of: { width, height } }: Repair,
  rows: Int32Array,
  x: number,
  y: number,
  radius: number,
): number {
  let gain = 0;
  const halves = HALVES[radius].rows;
  for (let n = 0; n < halves.length; n += 1) {
    const row = y + n - radius;
    if (row < 0 || row >= height) continue;
    const half = halves[n];
    const start = row * (width + 1);
    gain += rows[start + Math.min(width, x + half + 1)] - rows[start + Math.max(0, x - half)];
  }
  return gain;
}
