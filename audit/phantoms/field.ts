/**
 * The signed distance to an outline, sampled on a grid and interpolated: a smooth function of unit
 * coordinates, the same at every size of the picture. The masks and the attenuation are drawn from the
 * same distances, so a mask fits its picture exactly.
 */
import type { Point } from '../imaging/polygon.ts';

/**
 * Called for a pixel with its index, its depth inside the outline (negative outside) and its centre.
 */
export type Visit = (index: number, depth: number, x: number, y: number) => void;

/** Grid points along the side of a block, whose distances are computed together. */
const BLOCK = 6;

interface Edges {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dy: Float64Array;
  /** 1 / length² of each edge. */
  readonly inverse: Float64Array;
}

function edgesOf(outline: readonly Point[]): Edges {
  const n = outline.length;
  const [x, y, dx, dy, inverse] = Array.from({ length: 5 }, () => new Float64Array(n));
  outline.forEach(([px, py], k) => {
    const [qx, qy] = outline[(k + 1) % n];
    [x[k], y[k], dx[k], dy[k]] = [px, py, qx - px, qy - py];
    inverse[k] = 1 / Math.max(dx[k] * dx[k] + dy[k] * dy[k], 1e-18);
  });
  return { x, y, dx, dy, inverse };
}

function squaredToEdge(edges: Edges, k: number, x: number, y: number): number {
  const px = x - edges.x[k];
  const py = y - edges.y[k];
  let t = (px * edges.dx[k] + py * edges.dy[k]) * edges.inverse[k];
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  const rx = px - t * edges.dx[k];
  const ry = py - t * edges.dy[k];
  return rx * rx + ry * ry;
}

export class DistanceField {
  readonly #left: number;
  readonly #top: number;
  readonly #step: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #depth: Float32Array;

  /**
   * @param outline a closed polygon in unit coordinates
   * @param margin how far the grid reaches beyond the outline, in picture widths
   * @param cells number of grid cells along the longer side
   */
  constructor(outline: readonly Point[], margin: number, cells = 72) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of outline) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    this.#left = left - margin;
    this.#top = top - margin;
    this.#step = (Math.max(right - left, bottom - top) + 2 * margin) / cells;
    this.#columns = Math.ceil((right - left + 2 * margin) / this.#step) + 1;
    this.#rows = Math.ceil((bottom - top + 2 * margin) / this.#step) + 1;
    this.#depth = new Float32Array(this.#columns * this.#rows);
    this.#fill(outline);
  }

  /**
   * Computes the exact distance to the outline at all grid points, block by block. For each block, only
   * those edges are used that can be nearest to one of its points. The even-odd rule, applied along each
   * row of the grid, gives the sign.
   */
  #fill(outline: readonly Point[]): void {
    const edges = edgesOf(outline);
    const all = outline.map((_, k) => k);
    const middles = new Float64Array(all.length);
    const half = ((BLOCK - 1) / 2) * this.#step;
    for (let j = 0; j < this.#rows; j += BLOCK) {
      for (let c = 0; c < this.#columns; c += BLOCK) {
        const [mx, my] = [this.#left + c * this.#step + half, this.#top + j * this.#step + half];
        let least = Infinity;
        for (const k of all) {
          middles[k] = Math.sqrt(squaredToEdge(edges, k, mx, my));
          if (middles[k] < least) least = middles[k];
        }
        const near = all.filter((k) => middles[k] <= least + 2 * Math.SQRT2 * half + 1e-9);
        this.#fillBlock(edges, near, c, j);
      }
    }
    for (let j = 0; j < this.#rows; j += 1) this.#sign(outline, j);
  }

  #fillBlock(edges: Edges, near: readonly number[], left: number, top: number): void {
    for (let j = top; j < Math.min(top + BLOCK, this.#rows); j += 1) {
      for (let c = left; c < Math.min(left + BLOCK, this.#columns); c += 1) {
        const [x, y] = [this.#left + c * this.#step, this.#top + j * this.#step];
        let nearest = Infinity;
        for (const k of near) nearest = Math.min(nearest, squaredToEdge(edges, k, x, y));
        this.#depth[j * this.#columns + c] = Math.sqrt(nearest);
      }
    }
  }

  /** Makes the depth negative at those points of a grid row that lie outside the outline. */
  #sign(outline: readonly Point[], row: number): void {
    const y = this.#top + row * this.#step;
    const crossings: number[] = [];
    outline.forEach(([ax, ay], k) => {
      const [bx, by] = outline[(k + 1) % outline.length];
      if (ay <= y !== by <= y) crossings.push(ax + ((bx - ax) * (y - ay)) / (by - ay));
    });
    crossings.sort((a, b) => a - b);
    let passed = 0;
    for (let c = 0; c < this.#columns; c += 1) {
      const x = this.#left + c * this.#step;
      while (passed < crossings.length && crossings[passed] <= x) passed += 1;
      if (passed % 2 === 0) this.#depth[row * this.#columns + c] *= -1;
    }
  }

  /** Depth of the point (x, y) inside the outline; negative outside, and always −1 beyond the grid. */
  at(x: number, y: number): number {
    const gx = (x - this.#left) / this.#step;
    const gy = (y - this.#top) / this.#step;
    if (gx < 0 || gy < 0 || gx >= this.#columns - 1 || gy >= this.#rows - 1) return -1;
    const [i, j] = [Math.floor(gx), Math.floor(gy)];
    return this.#bilinear(j * this.#columns + i, gx - i, gy - j);
  }

  #bilinear(i: number, fx: number, fy: number): number {
    const d = this.#depth;
    const above = d[i] + (d[i + 1] - d[i]) * fx;
    const k = i + this.#columns;
    return above + (d[k] + (d[k + 1] - d[k]) * fx - above) * fy;
  }

  /** Calls `visit` for the pixels of a size × size picture whose depth inside the outline exceeds `from`. */
  visit(size: number, from: number, visit: Visit): void {
    const pixel = 1 / size;
    const clip = (v: number): number => Math.min(Math.max(v, 0), size);
    const right = this.#left + (this.#columns - 1) * this.#step;
    const bottom = this.#top + (this.#rows - 1) * this.#step;
    const x0 = clip(Math.ceil(this.#left * size - 0.5));
    const x1 = clip(Math.ceil(right * size - 0.5));
    const y1 = clip(Math.ceil(bottom * size - 0.5));
    const cells = new Int32Array(size);
    const shares = new Float64Array(size);
    for (let px = x0; px < x1; px += 1) {
      const gx = ((px + 0.5) * pixel - this.#left) / this.#step;
      cells[px] = Math.min(Math.floor(gx), this.#columns - 2);
      shares[px] = gx - cells[px];
    }
    for (let py = clip(Math.ceil(this.#top * size - 0.5)); py < y1; py += 1) {
      const y = (py + 0.5) * pixel;
      const gy = (y - this.#top) / this.#step;
      const j = Math.min(Math.floor(gy), this.#rows - 2);
      const row = j * this.#columns;
      for (let px = x0; px < x1; px += 1) {
        const depth = this.#bilinear(row + cells[px], shares[px], gy - j);
        if (depth > from) visit(py * size + px, depth, (px + 0.5) * pixel, y);
      }
    }
  }
}
