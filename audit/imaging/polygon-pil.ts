/**
 * Polygons and wide lines exactly as Pillow draws them (`ImageDraw.polygon(fill=1, outline=1)` and
 * `ImageDraw.line`), in its single precision. labelme and Label Studio make their masks this way.
 * Source: `polygon_generic`, `ImagingDrawPolygon` and `ImagingDrawWideLine` in
 * libImaging/Draw.c of Pillow 13 (MIT-CMU licence).
 */
import { paintRow } from './polygon.ts';
import type { Point } from './polygon.ts';
import type { Mask } from './types.ts';

interface Edge {
  readonly x0: number;
  readonly y0: number;
  xmin: number;
  xmax: number;
  readonly ymin: number;
  readonly ymax: number;
  readonly slope: number;
}

const f32 = Math.fround;
/** Rounds halves away from zero, like C's `roundf`. */
const round = (v: number): number => (v >= 0 ? Math.floor(v + 0.5) : -Math.floor(0.5 - v));
/** Rounds halves towards zero. */
const roundDown = (v: number): number => (v >= 0 ? Math.ceil(v - 0.5) : -Math.ceil(-v - 0.5));

function edgeOf(x0: number, y0: number, x1: number, y1: number): Edge {
  return {
    x0,
    y0,
    xmin: Math.min(x0, x1),
    xmax: Math.max(x0, x1),
    ymin: Math.min(y0, y1),
    ymax: Math.max(y0, y1),
    slope: y0 === y1 ? 0 : f32(f32(x1 - x0) / f32(y1 - y0)),
  };
}

const crossing = (edge: Edge, y: number): number => f32(f32((y - edge.y0) * edge.slope) + edge.x0);

/**
 * The x at which `edge` bounds row `y`, on which it ends. If one of `corners` meets it there and both lie
 * more than one pixel to the same side on their next row, the result is one pixel from the nearer of the
 * two; else it is `x`.
 */
function joined(x: number, y: number, edge: Edge, corners: readonly Edge[]): number {
  const next = y === edge.ymax ? y - 1 : y + 1;
  for (const other of corners) {
    if (round(x) !== round(crossing(other, y)) || next < other.ymin || next > other.ymax) continue;
    const a = crossing(edge, next);
    const b = crossing(other, next);
    if (x > f32(a + 1) && x > f32(b + 1)) return f32(round(Math.max(a, b)) + 1);
    if (x < f32(a - 1) && x < f32(b - 1)) return f32(round(Math.min(a, b)) - 1);
    return x;
  }
  return x;
}

/**
 * Indices of edges by the row on which they begin, in the order of `edges`. An edge that begins above row
 * `from` counts as beginning there; an edge outside the rows `from` to `to` is left out.
 */
function byFirstRow(edges: readonly Edge[], from: number, to: number): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  edges.forEach(({ ymin, ymax }, index) => {
    if (ymax < from || ymin > to) return;
    const row = Math.max(ymin, from);
    const begun = rows.get(row);
    if (begun === undefined) rows.set(row, [index]);
    else begun.push(index);
  });
  return rows;
}

function fillEdges(mask: Mask, all: readonly Edge[]): void {
  const { height } = mask;
  let first = height - 1;
  let last = 0;
  for (const edge of all) {
    first = Math.min(first, edge.ymin);
    last = Math.max(last, edge.ymax);
    if (edge.ymin === edge.ymax) paintRow(mask, edge.xmin, edge.ymin, edge.xmax);
  }
  const edges = all.filter(({ ymin, ymax }) => ymin !== ymax);
  first = Math.max(first, 0);
  last = Math.min(last, height);
  const beginning = byFirstRow(edges, first, last);
  let active: number[] = [];
  for (let y = first; y <= last; y += 1) {
    active = active.filter((index) => edges[index].ymax >= y);
    const begun = beginning.get(y);
    if (begun !== undefined) active = [...active, ...begun].sort((a, b) => a - b);
    const xs: number[] = [];
    const corners: Edge[] = [];
    for (const index of active) {
      const edge = edges[index];
      const x = crossing(edge, y);
      const isEnd = y === edge.ymin || y === edge.ymax;
      if (y === edge.ymax && y < last) xs.push(x, x);
      else xs.push(isEnd && edge.slope !== 0 ? joined(x, y, edge, corners) : x);
      if (isEnd && edge.slope !== 0) corners.push(edge);
    }
    const sorted = Float32Array.from(xs).sort();
    for (let i = 1; i < sorted.length; i += 2) {
      paintRow(mask, round(sorted[i - 1]), y, roundDown(sorted[i]));
    }
  }
}

/** Fills a polygon; cuts its corners to whole pixels, as Pillow does. */
export function drawPilPolygon(mask: Mask, points: readonly Point[]): void {
  const xs = points.map(([x]) => Math.trunc(x));
  const ys = points.map(([, y]) => Math.trunc(y));
  const edges: Edge[] = [];
  const end = points.length - 1;
  for (let i = 0; i < end; i += 1) {
    // A horizontal edge that continues the one before in the same direction extends it.
    if (i > 0 && ys[i] === ys[i + 1] && ys[i] === ys[i - 1]) {
      const before = edges[edges.length - 1];
      if (xs[i + 1] > xs[i] && xs[i] > xs[i - 1]) {
        before.xmax = xs[i + 1];
        continue;
      }
      if (xs[i + 1] < xs[i] && xs[i] < xs[i - 1]) {
        before.xmin = xs[i + 1];
        continue;
      }
    }
    edges.push(edgeOf(xs[i], ys[i], xs[i + 1], ys[i + 1]));
  }
  if (xs[end] !== xs[0] || ys[end] !== ys[0]) edges.push(edgeOf(xs[end], ys[end], xs[0], ys[0]));
  fillEdges(mask, edges);
}

/** Draws one straight line, wider than one pixel. */
function drawWideLine(mask: Mask, from: Point, to: Point, width: number): void {
  const [x0, y0] = from.map(Math.trunc);
  const [x1, y1] = to.map(Math.trunc);
  const dx = x1 - x0;
  const dy = y1 - y0;
  if (dx === 0 && dy === 0) return paintRow(mask, x0, y0, x0);
  const length = Math.hypot(dx, dy);
  const upper = round((width - 1) / 2) / length;
  const lower = roundDown((width - 1) / 2) / length;
  const left = { x: roundDown(lower * dy), y: roundDown(upper * dx) };
  const right = { x: roundDown(upper * dy), y: roundDown(lower * dx) };
  const corners: Point[] = [
    [x0 - left.x, y0 + left.y],
    [x1 - left.x, y1 + left.y],
    [x1 + right.x, y1 - right.y],
    [x0 + right.x, y0 - right.y],
  ];
  fillEdges(
    mask,
    corners.map(([x, y], i) => edgeOf(x, y, ...corners[(i + 1) % corners.length])),
  );
}

/** Draws a line through the points, `width` pixels wide (two or more), without joints. */
export function drawPilLine(mask: Mask, points: readonly Point[], width: number): void {
  for (let i = 1; i < points.length; i += 1) drawWideLine(mask, points[i - 1], points[i], width);
}
