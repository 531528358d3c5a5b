/**
 * The pixels of a polygon as pycocotools sees them, to the bit: the outline is walked on a grid five
 * times as fine, and where it steps over a column's middle a run of that column begins or ends.
 * Source: `rleFrPoly` of maskApi.c in cocoapi (P. Dollár, T.-Y. Lin, 2015; Simplified BSD License).
 */

/** How much finer than pixels the grid is that the outline is walked on. */
const SCALE = 5;
/** Steps of the walk: beyond, an outline is many times its image. */
const MAX_STEPS = 20_000_000;

/** A polygon that no image can hold. */
export class PolygonTooLong extends Error {}

/**
 * Runs of outside and inside pixels in turn, the first outside, column by column from the left (see
 * `coco-rle.ts`). An outline that crosses itself is inside where it is crossed an odd number of times.
 * @param xy x and y of each corner in turn, in pixels, the corner (0, 0) of the image at its outer edge.
 * @throws PolygonTooLong when its outline is longer than any image's could be.
 */
export function cocoPolygonRuns(xy: readonly number[], width: number, height: number): number[] {
  return runsOf(crossings(gridCorners(xy), width, height), width * height);
}

/** Corners on the fine grid, the first again at the end. */
function gridCorners(xy: readonly number[]): { x: number[]; y: number[] } {
  const corners = Math.floor(xy.length / 2);
  const [x, y]: [number[], number[]] = [[], []];
  for (let j = 0; j < corners; j += 1) {
    x.push(Math.trunc(SCALE * xy[2 * j] + 0.5));
    y.push(Math.trunc(SCALE * xy[2 * j + 1] + 0.5));
  }
  x.push(x[0]);
  y.push(y[0]);
  let steps = 0;
  for (let j = 0; j < corners; j += 1) {
    steps += Math.max(Math.abs(x[j] - x[j + 1]), Math.abs(y[j] - y[j + 1])) + 1;
  }
  if (!(steps <= MAX_STEPS)) throw new PolygonTooLong('the outline is too long');
  return { x, y };
}

/** Where runs begin and end: pixels counted down the columns. */
function crossings(
  corners: { x: number[]; y: number[] },
  width: number,
  height: number,
): Uint32Array {
  const found: number[] = [];
  let [lastU, lastV] = [NaN, NaN];
  const step = (u: number, v: number): void => {
    // Not yet a step at the very first point, whose predecessor is no number.
    if (u !== lastU && lastU === lastU) {
      const middle = ((u < lastU ? u : u - 1) + 0.5) / SCALE - 0.5;
      if (Math.floor(middle) === middle && middle >= 0 && middle <= width - 1) {
        const row = ((v < lastV ? v : lastV) + 0.5) / SCALE - 0.5;
        found.push(middle * height + Math.ceil(Math.min(Math.max(row, 0), height)));
      }
    }
    lastU = u;
    lastV = v;
  };
  for (let j = 0; j + 1 < corners.x.length; j += 1) {
    walk(corners.x[j], corners.y[j], corners.x[j + 1], corners.y[j + 1], step);
  }
  return Uint32Array.from(found).sort();
}

/** All points of the grid from one corner to the next, both included. */
function walk(
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
  step: (u: number, v: number) => void,
): void {
  const dx = Math.abs(toX - fromX);
  const dy = Math.abs(toY - fromY);
  const isFlat = dx >= dy;
  // Always rounded in the same direction, so that a shared edge falls together whichever way it runs.
  const isFlipped = isFlat ? fromX > toX : fromY > toY;
  const [xs, xe] = isFlipped ? [toX, fromX] : [fromX, toX];
  const [ys, ye] = isFlipped ? [toY, fromY] : [fromY, toY];
  const length = isFlat ? dx : dy;
  const slope = length === 0 ? 0 : (isFlat ? ye - ys : xe - xs) / length;
  for (let d = 0; d <= length; d += 1) {
    const t = isFlipped ? length - d : d;
    if (isFlat) step(t + xs, Math.trunc(ys + slope * t + 0.5));
    else step(Math.trunc(xs + slope * t + 0.5), t + ys);
  }
}

/** Differences of the sorted crossings; two at one pixel cancel out. */
function runsOf(sorted: Uint32Array, total: number): number[] {
  const lengths: number[] = [];
  let before = 0;
  for (const at of sorted) {
    lengths.push(at - before);
    before = at;
  }
  lengths.push(total - before);
  const runs = [lengths[0]];
  for (let j = 1; j < lengths.length; j += 1) {
    if (lengths[j] > 0) {
      runs.push(lengths[j]);
    } else {
      j += 1;
      if (j < lengths.length) runs[runs.length - 1] += lengths[j];
    }
  }
  return runs;
}
