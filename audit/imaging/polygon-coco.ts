/**
 * Fills a polygon exactly as pycocotools does: the outline is walked on a grid five times finer than the
 * pixels, and a run of a column begins or ends where the outline crosses the column's middle. Source:
 * `rleFrPoly` of maskApi.c in cocoapi (P. Dollár, T.-Y. Lin, 2015; Simplified BSD License).
 */

/** Steps of the fine grid in one pixel. */
const SCALE = 5;
/** Largest number of steps along an outline; a longer outline is far outside any image. */
const MAX_STEPS = 20_000_000;

/** The polygon is too long for any image. */
export class PolygonTooLong extends Error {}

/**
 * The runs of a polygon, as in `coco-rle.ts`. Self-crossing outlines are filled by the even-odd
 * rule.
 * @param xy x and y of each corner in turn, in pixels; (0, 0) is the outer corner of the first
 *   pixel
 * @throws PolygonTooLong if the outline is too long for any image
 */
export function cocoPolygonRuns(xy: readonly number[], width: number, height: number): number[] {
  return runsOf(crossings(gridCorners(xy), width, height), width * height);
}

/** The corners on the fine grid, with the first one repeated at the end. */
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

/**
 * The pixels at which runs begin or end, sorted. A pixel is given by its number, counted down the
 * columns.
 */
function crossings(
  corners: { x: number[]; y: number[] },
  width: number,
  height: number,
): Uint32Array {
  const found: number[] = [];
  let [lastU, lastV] = [NaN, NaN];
  const step = (u: number, v: number): void => {
    // A step needs two points; before the first point, `lastU` is NaN.
    if (u !== lastU && !Number.isNaN(lastU)) {
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

/** Calls `step` for all grid points from one corner to the next, both included. */
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
  // The points are computed from the same end for both directions of an edge. So two polygons that share an
  // edge get the same points along it.
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

/** Turns sorted crossings into runs; two crossings at the same pixel cancel each other. */
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
