/**
 * Parses and writes the lines of YOLO label files. A line is one instance: its class, and the corners of
 * its outline as shares (0 to 1) of the image's width and height. Outlines are drawn as Ultralytics draws
 * them (`verify_image_label`, `polygon2mask`: single precision, cut to whole pixels, `cv2.fillPoly`).
 * Pure.
 */
import { drawOpenCvPolygon } from '../../../imaging/polygon-opencv.ts';
import type { Point } from '../../../imaging/polygon.ts';
import { tracePolygons } from '../../../imaging/trace.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError } from '../../../codecs/raster.ts';
import { checkPoints } from '../../masks/shapes.ts';
import type { DrawnShape } from '../../masks/shapes.ts';

/**
 * How far a corner may lie outside the image, as a share of the image's side. Ultralytics allows the
 * same.
 */
const TOLERANCE = 0.01;
/** Decimals of a written share. Six keep a corner in its pixel in images of up to 20,000 pixels a side. */
const DIGITS = 6;
/** The fewest corners that an outline may have. */
const LEAST_CORNERS = 3;

const f32 = Math.fround;

export interface YoloLine {
  readonly classNumber: number;
  /** The corners x, y, x, y, …, as shares of the image's width and height. */
  readonly corners: readonly number[];
}

/** The kind of a line that is not an outline. */
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

/** The lines of an instance, one per connected part, without line ends. */
export function yoloLinesOf(classNumber: number, mask: Mask): string[] {
  return tracePolygons(mask).map((polygon) => {
    // A part that is one pixel or one straight line of pixels has fewer corners than an outline needs, so
    // its last corner is repeated.
    const corners = [...polygon];
    while (corners.length < LEAST_CORNERS) corners.push(corners[corners.length - 1]);
    const shares = corners.flatMap(([x, y]) => [(x + 0.5) / mask.width, (y + 0.5) / mask.height]);
    return [classNumber, ...shares.map((share) => share.toFixed(DIGITS))].join(' ');
  });
}
