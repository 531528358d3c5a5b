/**
 * A region that grows from a pixel over pixels that are alike, and shrinks again. A pixel joins at the
 * smallest tolerance at which a way leads to it: the largest difference from the first pixel along that way.
 */
import { fillMaskHoles } from './components.ts';
import type { Canvas } from './capsule.ts';
import type { Rect } from './types.ts';

/** What the region grows over. */
export interface Ground {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array | Uint16Array;
  /** The difference of two samples that counts as 255. */
  readonly span: number;
  /** What a model thinks of each pixel, 0 … 255, or null. */
  readonly likely: Uint8Array | null;
}

/** The largest tolerance. */
const MOST = 255;
/** A pixel that no way has reached yet. */
const UNKNOWN = 65_535;
/** How much a difference of the model's counts, beside one of the image. */
const MODEL_SHARE = 0.5;

export class Region {
  readonly #ground: Ground;
  readonly #grey: number;
  readonly #likely: number;
  /** For each pixel the tolerance at which it joins. */
  readonly #joins: Uint16Array;
  /** Pixels whose neighbours are not known, by the tolerance at which they join. */
  readonly #edge: number[][] = Array.from({ length: MOST + 1 }, () => []);
  #left: number;
  #right: number;
  #top: number;
  #bottom: number;

  /** @param x, y the pixel from which the region grows */
  constructor(ground: Ground, x: number, y: number) {
    this.#ground = ground;
    const { width, height, likely } = ground;
    this.#grey = this.#mean(x, y, 2);
    const seed = y * width + x;
    this.#likely = likely?.[seed] ?? 0;
    this.#joins = new Uint16Array(width * height).fill(UNKNOWN);
    this.#joins[seed] = 0;
    this.#edge[0].push(seed);
    [this.#left, this.#right, this.#top, this.#bottom] = [x, x, y, y];
  }

  /** Grows to all pixels that join at this tolerance, 0 … 255. @returns a rectangle around the region */
  grow(tolerance: number): Rect {
    const { width, height } = this.#ground;
    for (let level = 0; level <= Math.min(MOST, tolerance); level += 1) {
      const edge = this.#edge[level];
      for (let at = edge.pop(); at !== undefined; at = edge.pop()) {
        const x = at % width;
        const y = (at - x) / width;
        if (x < this.#left) this.#left = x;
        if (x > this.#right) this.#right = x;
        if (y < this.#top) this.#top = y;
        if (y > this.#bottom) this.#bottom = y;
        if (x > 0) this.#reach(at - 1, x - 1, y, level);
        if (x + 1 < width) this.#reach(at + 1, x + 1, y, level);
        if (y > 0) this.#reach(at - width, x, y - 1, level);
        if (y + 1 < height) this.#reach(at + width, x, y + 1, level);
      }
    }
    return {
      x: this.#left,
      y: this.#top,
      width: this.#right - this.#left + 1,
      height: this.#bottom - this.#top + 1,
    };
  }

  /**
   * Writes `value` where the region of this tolerance is, and what was there before everywhere else.
   * @param solid also fills the region's holes
   */
  write(canvas: Canvas, before: Uint8Array, tolerance: number, value: 0 | 1, solid: boolean): Rect {
    const { width } = this.#ground;
    const rect = this.grow(tolerance);
    const region = new Uint8Array(rect.width * rect.height);
    for (let y = 0, n = 0; y < rect.height; y += 1) {
      const start = (rect.y + y) * width + rect.x;
      for (let i = start; i < start + rect.width; i += 1, n += 1) {
        if (this.#joins[i] <= tolerance) region[n] = 1;
      }
    }
    const whole = solid ? fillMaskHoles(region, rect.width, rect.height) : region;
    for (let y = 0, n = 0; y < rect.height; y += 1) {
      const start = (rect.y + y) * width + rect.x;
      for (let i = start; i < start + rect.width; i += 1, n += 1) {
        canvas.mask[i] = whole[n] === 1 ? value : before[i];
      }
    }
    return rect;
  }

  /** Called in the order of tolerances, so that the first way to a pixel is the best one. */
  #reach(i: number, x: number, y: number, level: number): void {
    if (this.#joins[i] !== UNKNOWN) return;
    const { likely, span } = this.#ground;
    const grey = (Math.abs(this.#mean(x, y, 1) - this.#grey) * MOST) / span;
    const model = likely ? Math.abs(likely[i] - this.#likely) * MODEL_SHARE : 0;
    const cost = Math.min(MOST, Math.round(Math.max(grey, model)));
    const joins = Math.max(level, cost);
    this.#joins[i] = joins;
    this.#edge[joins].push(i);
  }

  /** The mean sample of the square around a pixel, so that noise stops no region. */
  #mean(x: number, y: number, reach: number): number {
    const { width, height, samples } = this.#ground;
    const right = Math.min(width - 1, x + reach);
    const bottom = Math.min(height - 1, y + reach);
    let sum = 0;
    let count = 0;
    for (let row = Math.max(0, y - reach); row <= bottom; row += 1) {
      for (let column = Math.max(0, x - reach); column <= right; column += 1) {
        sum += samples[row * width + column];
        count += 1;
      }
    }
    return sum / count;
  }
}
