/**
 * The outline of a mask as closed rings, and the mask that rings enclose. A ring goes through the middles of
 * the edges between drawn and other pixels, with the drawn pixels on its right, so that holes turn the other
 * way round. Drawn pixels connect by edges and corners. Rings that nobody moved give back the very mask.
 */
import type { Canvas } from './capsule.ts';
import { drawnRect } from './difference.ts';
import type { Rect } from './types.ts';

/** Points x0, y0, x1, y1 … in image pixels; the last point joins the first. */
export type Ring = number[];

/** East, south, west, north. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** The rings of a mask; none if it is empty. */
export function outlineOf(mask: Uint8Array, width: number, height: number): Ring[] {
  const rect = drawnRect(mask, width, height);
  if (!rect) return [];
  const at = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] === 1;
  const rings: Ring[] = [];
  /** Upper edges of drawn pixels that a ring went along. Every ring has at least one. */
  const seen = new Uint8Array(rect.width * rect.height);
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) {
      const i = y * width + x;
      if (mask[i] === 0 || (y > 0 && mask[i - width] === 1)) continue;
      if (seen[(y - rect.y) * rect.width + x - rect.x] === 0)
        rings.push(follow(at, x, y, rect, seen));
    }
  }
  return rings;
}

/** Follows the ring that begins with the upper edge of the pixel (x0, y0), eastwards. */
function follow(
  at: (x: number, y: number) => boolean,
  x0: number,
  y0: number,
  rect: Rect,
  seen: Uint8Array,
): Ring {
  const ring: Ring = [];
  let [x, y, towards] = [x0, y0, 0];
  do {
    const [dx, dy] = STEPS[towards];
    if (towards === 0) seen[(y - rect.y) * rect.width + x - rect.x] = 1;
    ring.push(x + dx / 2, y + dy / 2);
    x += dx;
    y += dy;
    // The pixels ahead, to the left and to the right of the way.
    const left = at(x + (dx + dy - 1) / 2, y + (dy - dx - 1) / 2);
    const right = at(x + (dx - dy - 1) / 2, y + (dy + dx - 1) / 2);
    if (left) towards = (towards + 3) % 4;
    else if (!right) towards = (towards + 1) % 4;
  } while (x !== x0 || y !== y0 || towards !== 0);
  return ring;
}

/**
 * Writes what the rings enclose into a rectangle of the mask, which must lie in the image: 1 at pixels whose
 * centre more rings go around clockwise than the other way, 0 at the others. Where a moved ring overlaps
 * itself, the pixels stay drawn.
 */
export function fillOutline(
  { width, mask }: Canvas,
  rings: readonly Ring[],
  { x: left, y: top, width: across, height: down }: Rect,
): void {
  /** For each row pairs of a crossing's place and its direction. */
  const crossings: number[][] = Array.from({ length: down }, () => []);
  for (const ring of rings) {
    let x0 = ring[ring.length - 2];
    let y0 = ring[ring.length - 1];
    for (let i = 0; i < ring.length; i += 2) {
      const x1 = ring[i];
      const y1 = ring[i + 1];
      if (y0 !== y1) {
        const up = y1 < y0;
        // Rows whose middle lies in [low, high).
        const first = Math.max(0, Math.ceil((up ? y1 : y0) - 0.5) - top);
        const end = Math.min(down, Math.ceil((up ? y0 : y1) - 0.5) - top);
        for (let row = first; row < end; row += 1) {
          const y = row + top + 0.5;
          const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0);
          insert(crossings[row], x, up ? 1 : -1);
        }
      }
      x0 = x1;
      y0 = y1;
    }
  }
  for (let row = 0; row < down; row += 1) {
    const start = (row + top) * width;
    mask.fill(0, start + left, start + left + across);
    let turns = 0;
    const list = crossings[row];
    for (let i = 0; i < list.length; i += 2) {
      turns += list[i + 1];
      if (turns <= 0 || i + 2 >= list.length) continue;
      const from = Math.max(left, Math.ceil(list[i] - 0.5));
      const to = Math.min(left + across, Math.ceil(list[i + 2] - 0.5));
      if (to > from) mask.fill(1, start + from, start + to);
    }
  }
}

/** Inserts a crossing, so that the list stays in order from left to right. */
function insert(list: number[], x: number, direction: number): void {
  let i = list.length;
  list.push(x, direction);
  while (i > 0 && list[i - 2] > x) {
    list[i] = list[i - 2];
    list[i + 1] = list[i - 1];
    i -= 2;
  }
  list[i] = x;
  list[i + 1] = direction;
}
