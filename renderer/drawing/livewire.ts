/**
 * A live wire: the way from a point to another that follows edges of the image and of what a model finds likely
 * (Mortensen and Barrett, SIGGRAPH 1995). It looks at a window around the first point, at a resolution of about a
 * node for a pixel of the screen, so that the time does not depend on the image's size.
 */
import type { Ground } from './region.ts';
import type { Position } from './types.ts';

/** The window reaches this many nodes from the first point. */
const REACH = 192;
/** What a step costs where there is no edge; along the strongest edges it costs 1. */
const DEAR = 40;
/** The strength of an edge that counts as strong: this share of all nodes have a weaker one. */
const STRONG = 0.95;
/** How a step to a neighbour counts, straight and diagonal: their lengths are nearly as 5 to 7. */
const STRAIGHT = 5;
const DIAGONAL = 7;
/** More than the dearest step costs. */
const BUCKETS = 512;

const STEPS = [
  [1, 0, STRAIGHT],
  [1, 1, DIAGONAL],
  [0, 1, STRAIGHT],
  [-1, 1, DIAGONAL],
  [-1, 0, STRAIGHT],
  [-1, -1, DIAGONAL],
  [0, -1, STRAIGHT],
  [1, -1, DIAGONAL],
] as const;

export class LiveWire {
  /** Image pixels per node, a power of two. */
  readonly #size: number;
  /** Of the window: its first node, and how many nodes it has. */
  readonly #left: number;
  readonly #top: number;
  readonly #across: number;
  readonly #down: number;
  readonly #costs: Uint8Array;
  readonly #way: Uint32Array;
  /** The step by which the best way comes to each node; 255 at the first node. */
  readonly #came: Uint8Array;
  readonly #settled: Uint8Array;
  readonly #buckets: number[][] = Array.from({ length: BUCKETS }, () => []);
  readonly #from: Position;
  #now = 0;
  #waiting = 1;

  /** @param zoom CSS pixels per image pixel */
  constructor(ground: Ground, from: Position, zoom: number) {
    this.#size = 2 ** Math.max(0, Math.min(5, Math.round(-Math.log2(zoom))));
    this.#from = from;
    const [wide, high] = [ground.width, ground.height].map((n) => Math.ceil(n / this.#size));
    const [x, y] = [this.#nodeOf(from.x, 0, wide), this.#nodeOf(from.y, 0, high)];
    this.#left = Math.max(0, x - REACH);
    this.#top = Math.max(0, y - REACH);
    this.#across = Math.min(wide, x + REACH + 1) - this.#left;
    this.#down = Math.min(high, y + REACH + 1) - this.#top;
    const nodes = this.#across * this.#down;
    this.#costs = this.#costsOf(ground);
    this.#way = new Uint32Array(nodes).fill(0xffffffff);
    this.#came = new Uint8Array(nodes).fill(255);
    this.#settled = new Uint8Array(nodes);
    const first = (y - this.#top) * this.#across + x - this.#left;
    this.#way[first] = 0;
    this.#buckets[0].push(first);
  }

  /** The points of the way, from the first point to `to`. Outside of the window it goes straight. */
  to(to: Position): Position[] {
    const x = this.#nodeOf(to.x, this.#left, this.#across);
    const y = this.#nodeOf(to.y, this.#top, this.#down);
    let at = y * this.#across + x;
    this.#settle(at);
    const points: Position[] = [];
    while (this.#came[at] !== 255) {
      points.push({
        x: ((at % this.#across) + this.#left + 0.5) * this.#size,
        y: (Math.floor(at / this.#across) + this.#top + 0.5) * this.#size,
      });
      const [dx, dy] = STEPS[this.#came[at]];
      at -= dy * this.#across + dx;
    }
    points.reverse();
    // The last node gives way to the point itself.
    return [this.#from, ...smoothed(points.slice(0, -1)), to];
  }

  /** The node of a coordinate, counted from `first`, within the window. */
  #nodeOf(at: number, first: number, count: number): number {
    return Math.max(0, Math.min(count - 1, Math.floor(at / this.#size) - first));
  }

  /** Finds the best ways in the order of their costs, until the one to this node is known. */
  #settle(target: number): void {
    while (this.#settled[target] === 0 && this.#waiting > 0) {
      const bucket = this.#buckets[this.#now % BUCKETS];
      const at = bucket.pop();
      if (at === undefined) {
        this.#now += 1;
        continue;
      }
      this.#waiting -= 1;
      if (this.#settled[at] === 1) continue;
      this.#settled[at] = 1;
      this.#spread(at);
    }
  }

  #spread(at: number): void {
    const across = this.#across;
    const x = at % across;
    const y = (at - x) / across;
    for (let n = 0; n < STEPS.length; n += 1) {
      const [dx, dy, length] = STEPS[n];
      if (x + dx < 0 || x + dx >= across || y + dy < 0 || y + dy >= this.#down) continue;
      const next = at + dy * across + dx;
      const way = this.#way[at] + length * this.#costs[next];
      if (way >= this.#way[next]) continue;
      this.#way[next] = way;
      this.#came[next] = n;
      this.#buckets[way % BUCKETS].push(next);
      this.#waiting += 1;
    }
  }

  /** What a step to each node costs: 1 on strong edges, `DEAR` where there is none. */
  #costsOf({ width, height, samples, span, likely }: Ground): Uint8Array {
    const grey = this.#means(samples, width, height, 255 / span);
    const model = likely && this.#means(likely, width, height, 1);
    const edges = this.#edges(grey);
    const sorted = edges.slice().sort();
    const strong = Math.max(1, sorted[Math.floor(STRONG * (sorted.length - 1))]);
    if (model) {
      const others = this.#edges(model);
      // The model's border is blunt, so it counts less than the image's edges.
      for (let i = 0; i < edges.length; i += 1) {
        edges[i] = Math.max(edges[i], Math.min(1, others[i] / 255) * 0.6 * strong);
      }
    }
    return Uint8Array.from(edges, (edge) =>
      Math.round(1 + (DEAR - 1) * (1 - Math.min(1, edge / strong))),
    );
  }

  /** The mean of each node's pixels in the window, times `by`. */
  #means(
    values: Uint8Array | Uint16Array,
    width: number,
    height: number,
    by: number,
  ): Float32Array {
    const size = this.#size;
    const means = new Float32Array(this.#across * this.#down);
    for (let y = 0, n = 0; y < this.#down; y += 1) {
      for (let x = 0; x < this.#across; x += 1, n += 1) {
        const left = (this.#left + x) * size;
        const top = (this.#top + y) * size;
        const right = Math.min(width, left + size);
        const bottom = Math.min(height, top + size);
        let sum = 0;
        for (let row = top; row < bottom; row += 1) {
          for (let i = row * width + left; i < row * width + right; i += 1) sum += values[i];
        }
        means[n] = (by * sum) / ((right - left) * (bottom - top));
      }
    }
    return means;
  }

  /** The length of the gradient at each node (Sobel). */
  #edges(values: Float32Array): Float32Array {
    const [across, down] = [this.#across, this.#down];
    const edges = new Float32Array(values.length);
    for (let y = 0, n = 0; y < down; y += 1) {
      const up = y > 0 ? -across : 0;
      const low = y + 1 < down ? across : 0;
      for (let x = 0; x < across; x += 1, n += 1) {
        const left = x > 0 ? -1 : 0;
        const right = x + 1 < across ? 1 : 0;
        const a = values[n + up + left];
        const b = values[n + up + right];
        const c = values[n + low + left];
        const d = values[n + low + right];
        const gx = b + d - a - c + 2 * (values[n + right] - values[n + left]);
        const gy = c + d - a - b + 2 * (values[n + low] - values[n + up]);
        edges[n] = Math.hypot(gx, gy);
      }
    }
    return edges;
  }
}

/** Averages each point with its neighbours, so that the way has no stairs. */
function smoothed(points: readonly Position[]): Position[] {
  return points.map((point, i) => {
    const before = points[i - 1] ?? point;
    const after = points[i + 1] ?? point;
    return { x: (before.x + 2 * point.x + after.x) / 4, y: (before.y + 2 * point.y + after.y) / 4 };
  });
}
