/**
 * Label files of YOLO segmentation: a line for each instance, its class and the corners of its
 * outline as shares of the image's width and height, as Ultralytics reads and draws them
 * (`verify_image_label`, `polygon2mask`: single precision, cut to whole pixels, `cv2.fillPoly`). Pure.
 */
import { drawOpenCvPolygon } from '../../../imaging/polygon-opencv.ts';
import type { Point } from '../../../imaging/polygon.ts';
import { tracePolygons } from '../../../imaging/trace.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError } from '../../../codecs/raster.ts';
import { checkPoints } from '../../masks/shapes.ts';
import type { DrawnShape } from '../../masks/shapes.ts';

/** How far Ultralytics lets a corner lie outside, as a share. */
const TOLERANCE = 0.01;
/** Digits that keep a corner in its pixel, in images of 20,000 a side. */
const DIGITS = 6;
/** A line of fewer corners is taken for a box. */
const LEAST_CORNERS = 3;

const f32 = Math.fround;

export interface YoloLine {
  readonly classNumber: number;
  /** x and y by turns, as shares. */
  readonly corners: readonly number[];
}

/** A line that is no outline: a box, a pose, or no numbers. */
type OtherLine = 'blank' | 'box' | 'other';

export function parseYoloLine(line: string): YoloLine | OtherLine {
  const fields = line.trim().split(/\s+/);
  if (fields[0] === '') return 'blank';
  const numbers = fields.map(Number);
  if (numbers.some((value) => !Number.isFinite(value))) return 'other';
  const [classNumber, ...corners] = numbers;
  if (!Number.isInteger(classNumber) || classNumber < 0) return 'other';
  if (corners.length === 4) return 'box';
  if (corners.length < 2 * LEAST_CORNERS || corners.length % 2 !== 0) return 'other';
  return { classNumber, corners };
}

/** The lines of a file with their ends, so that joined they are the file again. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function cornersIn({ width, height }: Mask, corners: readonly number[]): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < corners.length; i += 2) {
    const [x, y] = [corners[i], corners[i + 1]];
    if (Math.min(x, y) < -TOLERANCE || Math.max(x, y) > 1 + TOLERANCE) {
      throw new CodecError(
        'has corners that are no shares of 0 to 1: divide them by the image size.',
      );
    }
    points.push([Math.trunc(f32(f32(x) * width)), Math.trunc(f32(f32(y) * height))]);
  }
  checkPoints(points);
  return points;
}

export function yoloShape(structure: string, place: number, line: YoloLine): DrawnShape {
  const draw = (mask: Mask) => drawOpenCvPolygon(mask, cornersIn(mask, line.corners));
  return { structure, place, draw };
}

/** The lines of an instance, without an end: one for each of its parts. */
export function yoloLinesOf(classNumber: number, mask: Mask): string[] {
  return tracePolygons(mask).map((polygon) => {
    // A part of one or two pixels is told from a box by its corners, the last of which stand twice.
    const corners = [...polygon];
    while (corners.length < LEAST_CORNERS) corners.push(corners[corners.length - 1]);
    const shares = corners.flatMap(([x, y]) => [(x + 0.5) / mask.width, (y + 0.5) / mask.height]);
    return [classNumber, ...shares.map((share) => share.toFixed(DIGITS))].join(' ');
  });
}
