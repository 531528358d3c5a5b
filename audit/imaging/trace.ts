/**
 * Turns each part of a mask into a polygon through the centres of its border pixels. If OpenCV fills the
 * polygon with its outline, the result is exactly the part. A polygon cannot have a hole, so a bridge
 * over the part's pixels, there and back, joins the border of each hole to the polygon. Borders are
 * followed as in Suzuki and Abe, CVGIP 30:32-46, 1985.
 */
import type { Point } from './polygon.ts';
import type { Mask } from './types.ts';

/** Steps to the neighbours of a pixel, clockwise from the left. */
const AROUND: readonly Point[] = [
  [-1, 0],
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
];
const LEFT = 0;
const RIGHT = 4;
/** Marks of border pixels that were visited; `SEEN_RIGHT` if their right neighbour was found outside. */
const SEEN = 2;
const SEEN_RIGHT = -2;

/** The mask with a frame of outside pixels, so that every pixel has neighbours. */
class Field {
  readonly stride: number;
  readonly marks: Int8Array;
  readonly steps: readonly number[];

  constructor({ width, height, data }: Mask) {
    this.stride = width + 2;
    this.marks = new Int8Array(this.stride * (height + 2));
    for (let y = 0; y < height; y += 1) {
      this.marks.set(data.subarray(y * width, (y + 1) * width), (y + 1) * this.stride + 1);
    }
    this.steps = AROUND.map(([dx, dy]) => dy * this.stride + dx);
  }

  /** Follows the border from the pixel `start`, whose neighbour in the direction `background` is outside. */
  follow(start: number, background: number): number[] {
    const { marks, steps } = this;
    let towards = background;
    do towards = (towards + 1) % 8;
    while (towards !== background && marks[start + steps[towards]] === 0);
    if (towards === background) {
      marks[start] = SEEN_RIGHT;
      return [start];
    }
    const last = start + steps[towards];
    const border: number[] = [];
    for (let at = start; ;) {
      border.push(at);
      let sawRight = false;
      // Turns counter-clockwise, from the direction of the pixel before, to the next inside pixel.
      do {
        towards = (towards + 7) % 8;
        if (towards === RIGHT && marks[at + steps[RIGHT]] === 0) sawRight = true;
      } while (marks[at + steps[towards]] === 0);
      if (sawRight) marks[at] = SEEN_RIGHT;
      else if (marks[at] === 1) marks[at] = SEEN;
      const next = at + steps[towards];
      if (next === start && at === last) return border;
      towards = (towards + 4) % 8;
      at = next;
    }
  }
}

/** Closed paths through pixels, as linked lists, so that holes can be joined to them. */
class Paths {
  readonly pixels: number[] = [];
  readonly next: number[] = [];
  /** The first node of each pixel; a node is an index into `pixels` and `next`. */
  readonly #at = new Map<number, number>();

  #add(pixel: number): number {
    const node = this.pixels.push(pixel) - 1;
    this.next.push(node);
    if (!this.#at.has(pixel)) this.#at.set(pixel, node);
    return node;
  }

  close(border: readonly number[]): number {
    const nodes = border.map((pixel) => this.#add(pixel));
    nodes.forEach((node, i) => (this.next[node] = nodes[(i + 1) % nodes.length]));
    return nodes[0];
  }

  /** Joins a hole's border to the path through `pixel`, by a bridge there and back. */
  join(pixel: number, border: readonly number[]): void {
    const from = this.#at.get(pixel)!;
    const first = this.close(border);
    let last = first;
    while (this.next[last] !== first) last = this.next[last];
    const home = this.#add(this.pixels[first]);
    const back = this.#add(pixel);
    this.next[last] = home;
    this.next[home] = back;
    this.next[back] = this.next[from];
    this.next[from] = first;
  }
}

/** Leaves out each point that lies on the straight line between its neighbours. */
function withoutMiddles(points: readonly Point[]): Point[] {
  const count = points.length;
  return points.filter(([x, y], i) => {
    const [ax, ay] = points[(i + count - 1) % count];
    const [bx, by] = points[(i + 1) % count];
    const [px, py, qx, qy] = [x - ax, y - ay, bx - x, by - y];
    return px * qy !== py * qx || px * qx + py * qy <= 0;
  });
}

/**
 * One polygon for each part of the mask (8 neighbours), in reading order, with corners in whole pixels.
 * The polygon of a part that is one pixel or one straight line of pixels has fewer than three corners.
 */
export function tracePolygons(mask: Mask): Point[][] {
  const field = new Field(mask);
  const { stride, marks } = field;
  const paths = new Paths();
  const starts: number[] = [];
  for (let at = 0; at < marks.length; at += 1) {
    if (marks[at] === 1 && marks[at - 1] === 0) {
      starts.push(paths.close(field.follow(at, LEFT)));
    } else if (marks[at] > 0 && marks[at + 1] === 0) {
      const border = field.follow(at, RIGHT);
      // The last inside pixel to the left lies on the part's own border, or on that of a hole found
      // before.
      let shore = at;
      while (marks[shore - 1] !== 0) shore -= 1;
      paths.join(shore, border);
    }
  }
  return starts.map((start) => {
    const points: Point[] = [];
    let node = start;
    do {
      const at = paths.pixels[node];
      points.push([(at % stride) - 1, Math.floor(at / stride) - 1]);
      node = paths.next[node];
    } while (node !== start);
    return withoutMiddles(points);
  });
}
