/** Draws labelme's shapes into masks, pixel for pixel as labelme's own `shape_to_mask` does. Pure. */
import { drawPilEllipse } from '../../../imaging/ellipse-pil.ts';
import { drawPilLine, drawPilPolygon } from '../../../imaging/polygon-pil.ts';
import { paintRow } from '../../../imaging/polygon.ts';
import type { Point } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';

/** Width of lines and radius of points, in pixels: labelme's defaults, since its files do not state them. */
const LINE_WIDTH = 10;
const POINT_SIZE = 5;

type Draw = (mask: Mask, points: readonly Point[]) => void;

function drawRectangle(mask: Mask, [[x0, y0], [x1, y1]]: readonly Point[]): void {
  const [left, right] = [Math.min(x0, x1), Math.max(x0, x1)].map(Math.trunc);
  const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1)].map(Math.trunc);
  const last = Math.min(bottom, mask.height - 1);
  for (let y = Math.max(top, 0); y <= last; y += 1) paintRow(mask, left, y, right);
}

function drawCircle(mask: Mask, [cx, cy]: Point, radius: number): void {
  drawPilEllipse(mask, [cx - radius, cy - radius, cx + radius, cy + radius]);
}

/** The least and most points of each type of shape, and how it is drawn. */
const SHAPES: Readonly<Record<string, { points: readonly [number, number]; draw: Draw }>> = {
  polygon: { points: [3, Infinity], draw: drawPilPolygon },
  oriented_rectangle: { points: [4, 4], draw: drawPilPolygon },
  rectangle: { points: [2, 2], draw: drawRectangle },
  circle: {
    points: [2, 2],
    draw: (mask, [centre, edge]) => {
      // The same formula as labelme's: the result of `Math.hypot` may differ in the last bit.
      const [dx, dy] = [centre[0] - edge[0], centre[1] - edge[1]];
      drawCircle(mask, centre, Math.sqrt(dx * dx + dy * dy));
    },
  },
  line: { points: [2, 2], draw: (mask, points) => drawPilLine(mask, points, LINE_WIDTH) },
  linestrip: {
    points: [2, Infinity],
    draw: (mask, points) => drawPilLine(mask, points, LINE_WIDTH),
  },
  point: { points: [1, 1], draw: (mask, [at]) => drawCircle(mask, at, POINT_SIZE) },
};

/** A noun phrase for a shape that cannot be drawn, or null if it can be drawn. */
export function shapeProblem(type: string, points: number): string | null {
  const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (shape === undefined) return `a shape of the unknown type “${type}”`;
  const [least, most] = shape.points;
  return points < least || points > most ? `a ${type} of ${points} points` : null;
}

/** Draws a shape for which `shapeProblem` is null. */
export function drawShape(mask: Mask, type: string, points: readonly Point[]): void {
  SHAPES[type].draw(mask, points);
}
