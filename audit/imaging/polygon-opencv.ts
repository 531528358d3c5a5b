/**
 * Polygons exactly as OpenCV fills them (`cv2.fillPoly` with whole-pixel corners, 8-connected outline),
 * in its fixed-point numbers with 16 bits after the point. YOLO makes its masks this way. Source:
 * `clipLine`, `LineIterator`, `CollectPolyEdges` and `FillEdgeCollection` in
 * modules/imgproc/src/drawing.cpp of OpenCV 5.0 (Apache-2.0).
 */
import { paintRow } from './polygon.ts';
import type { Point } from './polygon.ts';
import type { Mask } from './types.ts';

const ONE = 1 << 16;

interface Edge {
  readonly y0: number;
  readonly y1: number;
  x: number;
  readonly dx: number;
}

type Line = [x1: number, y1: number, x2: number, y2: number];

/** Clips a line to the picture, in whole numbers. @returns whether a part of it lies inside */
function clip({ width, height }: Mask, line: Line): boolean {
  const right = width - 1;
  const bottom = height - 1;
  const across = (x: number) => (x < 0 ? 1 : x > right ? 2 : 0);
  const down = (y: number) => (y < 0 ? 4 : y > bottom ? 8 : 0);
  let c1 = across(line[0]) + down(line[1]);
  let c2 = across(line[2]) + down(line[3]);
  const isCut = () => (c1 & c2) === 0 && (c1 | c2) !== 0;
  if (isCut()) {
    for (const end of [0, 1] as const) {
      const code = end === 0 ? c1 : c2;
      if ((code & 12) === 0) continue;
      const at = code < 8 ? 0 : bottom;
      const [x1, y1, x2, y2] = line;
      line[2 * end] += Math.trunc(((at - (end === 0 ? y1 : y2)) * (x2 - x1)) / (y2 - y1));
      line[2 * end + 1] = at;
      if (end === 0) c1 = across(line[0]);
      else c2 = across(line[2]);
    }
    if (isCut()) {
      for (const end of [0, 1] as const) {
        const code = end === 0 ? c1 : c2;
        if (code === 0) continue;
        const at = code === 1 ? 0 : right;
        const [x1, y1, x2, y2] = line;
        line[2 * end + 1] += Math.trunc(((at - (end === 0 ? x1 : x2)) * (y2 - y1)) / (x2 - x1));
        line[2 * end] = at;
        if (end === 0) c1 = 0;
        else c2 = 0;
      }
    }
  }
  return (c1 | c2) === 0;
}

function drawLine(mask: Mask, given: Readonly<Line>): void {
  const line: Line = [...given];
  if (!clip(mask, line)) return;
  // Draws from left to right, whichever end comes first.
  const [x1, y1, x2, y2] = line[2] < line[0] ? [line[2], line[3], line[0], line[1]] : line;
  const { width, data } = mask;
  const across = x2 - x1;
  const down = Math.abs(y2 - y1);
  const rowStep = y2 < y1 ? -width : width;
  const isSteep = down > across;
  const long = isSteep ? down : across;
  const short = isSteep ? across : down;
  const alongStep = isSteep ? rowStep : 1;
  const sideStep = isSteep ? 1 : rowStep;
  let error = long - 2 * short;
  let at = y1 * width + x1;
  for (let i = 0; i <= long; i += 1) {
    data[at] = 1;
    if (error < 0) {
      error += 2 * long;
      at += sideStep;
    }
    error -= 2 * short;
    at += alongStep;
  }
}

const isInside = ({ width, height }: Mask, x: number, y: number): boolean =>
  x >= 0 && x < width && y >= 0 && y < height;

/** Draws the outline and collects the edges that are not horizontal. */
function collectEdges(mask: Mask, points: readonly Point[]): Edge[] {
  const edges: Edge[] = [];
  points.forEach(([x1, y1], i) => {
    const [x0, y0] = points[(i + points.length - 1) % points.length];
    const line: Line = [x0, y0, x1, y1];
    drawLine(mask, line);
    if (y0 === y1) return;
    let [fromY, toY] = [y0, y1];
    if (!isInside(mask, x0, y0) || !isInside(mask, x1, y1)) {
      // The slope of an edge that leaves the picture comes from its clipped part.
      clip(mask, line);
      if (line[1] !== line[3]) [, fromY, , toY] = line;
    }
    const dx = Math.trunc(((line[2] - line[0]) * ONE) / (toY - fromY));
    if (y0 < y1) edges.push({ y0, y1, x: line[0] * ONE + (y0 - fromY) * dx, dx });
    else edges.push({ y0: y1, y1: y0, x: line[2] * ONE + (y1 - toY) * dx, dx });
  });
  return edges.sort((a, b) => a.y0 - b.y0 || a.x - b.x || a.dx - b.dx);
}

/** Fills a polygon. @param points corners in whole pixels */
export function drawOpenCvPolygon(mask: Mask, points: readonly Point[]): void {
  const edges = collectEdges(mask, points);
  if (edges.length < 2) return;
  const last = Math.min(Math.max(...edges.map(({ y1 }) => y1)), mask.height);
  let next = 0;
  let active: Edge[] = [];
  for (let y = edges[0].y0; y < last; y += 1) {
    const merged: Edge[] = [];
    const going = active.filter(({ y1 }) => y1 !== y);
    let at = 0;
    // An edge that begins on row y goes before the first active edge at its x or to the right of it. Edges
    // are then taken in pairs, each of which bounds a run of inside pixels.
    for (;;) {
      const begins = next < edges.length && edges[next].y0 === y;
      if (at < going.length && (!begins || going[at].x < edges[next].x)) {
        merged.push(going[at]);
        at += 1;
      } else if (begins) {
        merged.push(edges[next]);
        next += 1;
      } else {
        break;
      }
    }
    for (let i = 1; i < merged.length; i += 2) {
      const [a, b] = [merged[i - 1], merged[i]];
      const from = Math.min(a.x, b.x);
      const to = Math.max(a.x, b.x);
      paintRow(mask, Math.floor((from + ONE - 1) / ONE), y, Math.floor(to / ONE));
      a.x += a.dx;
      b.x += b.dx;
    }
    // A stable sort, like OpenCV's.
    active = merged.sort((a, b) => a.x - b.x);
  }
}
