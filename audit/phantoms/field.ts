/**
 * The signed distance to an outline, sampled on a grid of its own and interpolated: one smooth
 * function of unit coordinates, the same at every resolution a phantom is drawn at. Masks and
 * attenuation are both made of it, so a mask is exact by construction.
 */
import type { Point } from './curves.ts';

/** What is called for a pixel: its index, and how deep it lies inside (negative: outside). */
export type Visit = (index: number, depth: number, x: number, y: number) => void;

export class Field {
  readonly #left: number;
  readonly #top: number;
  readonly #step: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #depth: Float32Array;

  /**
   * @param outline a closed polygon, in unit coordinates.
   * @param margin how far outside the outline the field is known.
   * @param cells of the grid along the longer side.
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

  #fill(outline: readonly Point[]): void {
    const n = outline.length;
    const px = Float64Array.from(outline, (p) => p[0]);
    const py = Float64Array.from(outline, (p) => p[1]);
    const ex = px.map((x, k) => px[(k + 1) % n] - x);
    const ey = py.map((y, k) => py[(k + 1) % n] - y);
    const inverse = ex.map((x, k) => 1 / Math.max(x * x + ey[k] * ey[k], 1e-18));
    for (let j = 0, i = 0; j < this.#rows; j += 1) {
      const y = this.#top + j * this.#step;
      for (let c = 0; c < this.#columns; c += 1, i += 1) {
        const x = this.#left + c * this.#step;
        let nearest = Infinity;
        let inside = false;
        for (let k = 0; k < n; k += 1) {
          const dx = x - px[k];
          const dy = y - py[k];
          let t = (dx * ex[k] + dy * ey[k]) * inverse[k];
          t = t < 0 ? 0 : t > 1 ? 1 : t;
          const rx = dx - t * ex[k];
          const ry = dy - t * ey[k];
          const d = rx * rx + ry * ry;
          if (d < nearest) nearest = d;
          const below = dy >= 0;
          // Even-odd rule: the ray to the right crosses this edge.
          if (below !== dy >= ey[k] && dx < (ex[k] * dy) / ey[k]) inside = !inside;
        }
        this.#depth[i] = inside ? Math.sqrt(nearest) : -Math.sqrt(nearest);
      }
    }
  }

  /** How deep (x, y) lies inside the outline; negative outside, −1 beyond the field. */
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

  /** Calls `visit` for the pixels of a size × size picture that lie deeper than `from`. */
  visit(size: number, from: number, visit: Visit): void {
    const pixel = 1 / size;
    const clip = (v: number): number => Math.min(Math.max(v, 0), size);
    const right = this.#left + (this.#columns - 1) * this.#step;
    const bottom = this.#top + (this.#rows - 1) * this.#step;
    const x0 = clip(Math.ceil(this.#left * size - 0.5));
    const x1 = clip(Math.ceil(right * size - 0.5));
    const y1 = clip(Math.ceil(bottom * size - 0.5));
    for (let py = clip(Math.ceil(this.#top * size - 0.5)); py < y1; py += 1) {
      const y = (py + 0.5) * pixel;
      const gy = (y - this.#top) / this.#step;
      const j = Math.min(Math.floor(gy), this.#rows - 2);
      for (let px = x0; px < x1; px += 1) {
        const x = (px + 0.5) * pixel;
        const gx = (x - this.#left) / this.#step;
        const i = Math.min(Math.floor(gx), this.#columns - 2);
        const depth = this.#bilinear(j * this.#columns + i, gx - i, gy - j);
        if (depth > from) visit(py * size + px, depth, x, y);
      }
    }
  }
}
