/**
 * The outline of a field at one level as SVG path data: marching squares with linear interpolation
 * (Lorensen and Cline 1987, in the plane). A smooth field gets a smooth outline.
 */

/** Values of a raster, row-major; the value of pixel (x, y) lies at its centre (x + ½, y + ½). */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/** Maps the field's pixels to the picture's: x' = (x − x0)·scaleX, y' = (y − y0)·scaleY. */
export interface Placement {
  readonly x0: number;
  readonly y0: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

type Point = readonly [number, number];

/** Where the level lies on the line from sample `a` to sample `b`: 0 at `a`, 1 at `b`. */
const cross = (a: number, b: number, level: number): number => (level - a) / (b - a);

/**
 * The outline's pieces in a cell, the square between four samples. A piece leads from one edge of the
 * cell to another: 0 top, 1 right, 2 bottom, 3 left. The inside lies on its left. The index is the sum
 * of the corners that lie inside: 1 top left, 2 top right, 4 bottom right, 8 bottom left.
 */
const CELLS: readonly (readonly (readonly [number, number])[])[] = [
  [],
  [[3, 0]],
  [[0, 1]],
  [[3, 1]],
  [[1, 2]],
  [
    [3, 0],
    [1, 2],
  ],
  [[0, 2]],
  [[3, 2]],
  [[2, 3]],
  [[2, 0]],
  [
    [0, 1],
    [2, 3],
  ],
  [[2, 1]],
  [[1, 3]],
  [[1, 0]],
  [[0, 3]],
  [],
];

/**
 * Closed outlines of the area where `field` is at least `level`. The area beyond the border counts as
 * outside, so a shape that the border cuts is closed along the border.
 * @returns a list of points for each outline, in the field's pixels
 */
export function outlines(field: Field, level: number): Point[][] {
  const { width, height, data } = field;
  const value = (x: number, y: number): number => {
    const inX = Math.min(width - 1, Math.max(0, x));
    const inY = Math.min(height - 1, Math.max(0, y));
    const near = data[inY * width + inX];
    // A sample beyond the border gets a value that lies as far below the level as the value of the nearest
    // pixel lies above the level. So the outline runs along the border.
    return inX === x && inY === y ? near : level - Math.abs(near - level) - 1e-9;
  };
  // Every edge has a number: 2·index for the top edge of the cell at (x, y), 2·index + 1 for its left
  // edge.
  const stride = width + 2;
  const edgeOf = (x: number, y: number, edge: number): number => {
    const index = (y + 1) * stride + (x + 1);
    if (edge === 0) return 2 * index;
    if (edge === 2) return 2 * (index + stride);
    return edge === 3 ? 2 * index + 1 : 2 * (index + 1) + 1;
  };
  const next = new Map<number, number>();
  const points = new Map<number, Point>();
  for (let y = -1; y < height; y += 1) {
    for (let x = -1; x < width; x += 1) {
      const a = value(x, y);
      const b = value(x + 1, y);
      const c = value(x + 1, y + 1);
      const d = value(x, y + 1);
      const cell =
        (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (c >= level ? 4 : 0) | (d >= level ? 8 : 0);
      for (const [from, to] of CELLS[cell]) {
        for (const edge of [from, to]) {
          const key = edgeOf(x, y, edge);
          if (points.has(key)) continue;
          const at: Point =
            edge === 0
              ? [x + 0.5 + cross(a, b, level), y + 0.5]
              : edge === 2
                ? [x + 0.5 + cross(d, c, level), y + 1.5]
                : edge === 3
                  ? [x + 0.5, y + 0.5 + cross(a, d, level)]
                  : [x + 1.5, y + 0.5 + cross(b, c, level)];
          points.set(key, at);
        }
        next.set(edgeOf(x, y, from), edgeOf(x, y, to));
      }
    }
  }
  const result: Point[][] = [];
  for (const start of [...next.keys()]) {
    const line: Point[] = [];
    for (let key: number | undefined = start; key !== undefined;) {
      const following = next.get(key);
      if (following === undefined) break;
      line.push(points.get(key)!);
      next.delete(key);
      key = following;
    }
    if (line.length > 2) result.push(line);
  }
  return result;
}

/** Drops a point that lies closer than `tolerance` to the line between its neighbours. */
function thin(line: readonly Point[], tolerance: number): Point[] {
  const kept: Point[] = [];
  for (let i = 0; i < line.length; i += 1) {
    const before = kept[kept.length - 1];
    const after = line[(i + 1) % line.length];
    const point = line[i];
    if (before !== undefined && i < line.length - 1) {
      const dx = after[0] - before[0];
      const dy = after[1] - before[1];
      const length = Math.hypot(dx, dy);
      const off = Math.abs((point[0] - before[0]) * dy - (point[1] - before[1]) * dx);
      // A point is dropped only if its neighbours are close to each other; otherwise a gentle curve would
      // become straight.
      if (length < 6 && off <= tolerance * length) continue;
    }
    kept.push(point);
  }
  return kept;
}

/** SVG path data of the outlines at `level`, placed in a picture; empty without an outline. */
export function outlinePath(field: Field, level: number, placement: Placement): string {
  const { x0, y0, scaleX, scaleY } = placement;
  return outlines(field, level)
    .map((line) => {
      const placed = line.map(([x, y]): Point => [(x - x0) * scaleX, (y - y0) * scaleY]);
      const text = thin(placed, 0.15).map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`);
      return `M${text.join('L')}Z`;
    })
    .join('');
}
