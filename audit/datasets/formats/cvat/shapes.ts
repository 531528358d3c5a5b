/** Draws the shapes of CVAT into masks, pixel for pixel as CVAT and Datumaro do with pycocotools. Pure. */
import { counted } from '../../../contract/words.ts';
import { cocoPolygonRuns } from '../../../imaging/polygon-coco.ts';
import { maskBounds } from '../../../imaging/polygon.ts';
import type { Point } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError, checkBounds } from '../../../codecs/raster.ts';
import type { CvatShape } from './xml.ts';
import { checkPoints } from '../../masks/shapes.ts';
import type { DrawnShape } from '../../masks/shapes.ts';
import { structureNameOf } from '../../tree/structures.ts';

const LEAST_POINTS = 3;

function drawPolygon(mask: Mask, points: string): void {
  const corners = points
    .split(';')
    .map((pair) => pair.split(',').map(Number))
    .map(([x, y]): Point => [x, y]);
  if (corners.length < LEAST_POINTS)
    throw new CodecError('has a polygon of fewer than 3 points: draw it again.');
  checkPoints(corners);
  const { width, height, data } = mask;
  let at = 0;
  // COCO's run lengths go down the columns. Runs outside and inside alternate; the first is outside.
  cocoPolygonRuns(corners.flat(), width, height).forEach((length, i) => {
    const end = at + length;
    for (; at < end; at += 1) {
      if (i % 2 === 1) data[(at % height) * width + Math.floor(at / height)] = 1;
    }
  });
}

/**
 * Draws the run lengths of a `mask` element. They go row by row through the element's rectangle. Runs outside
 * and inside the mask alternate; the first is outside.
 */
function drawMask(mask: Mask, attributes: CvatShape['attributes']): void {
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((name) =>
    Number(attributes[name]),
  );
  if (![left, top, width, height].every(Number.isInteger)) {
    throw new CodecError('has a mask without a place: draw it again.');
  }
  checkBounds(width, height);
  const runs = (attributes.rle ?? '').split(',').map(Number);
  if (
    (attributes.rle ?? '').trim() === '' ||
    !runs.every((length) => Number.isInteger(length) && length >= 0)
  ) {
    throw new CodecError('has a mask whose runs (rle) are no list of numbers: draw it again.');
  }
  const total = runs.reduce((sum, length) => sum + length, 0);
  if (total !== width * height) {
    throw new CodecError(
      `has a mask whose runs have ${counted(total, 'pixel')}, and its box of ${width} × ${height} ` +
        `has ${width * height}: draw it again.`,
    );
  }
  let at = 0;
  runs.forEach((length, i) => {
    const end = at + length;
    for (; at < end; at += 1) {
      const x = left + (at % width);
      const y = top + Math.floor(at / width);
      const isInside = x >= 0 && y >= 0 && x < mask.width && y < mask.height;
      if (i % 2 === 1 && isInside) mask.data[y * mask.width + x] = 1;
    }
  });
}

/** Whether the shape is a polygon or a mask. Overread reads no other shapes. */
export const isArea = ({ type }: CvatShape): boolean => type === 'polygon' || type === 'mask';

export const structureOf = ({ attributes }: CvatShape): string =>
  structureNameOf(attributes.label ?? '');

/**
 * @param shape an area (see `isArea`)
 * @param place index of the shape in its image
 */
export function cvatShape(shape: CvatShape, place: number): DrawnShape {
  const { type, attributes } = shape;
  const draw = (mask: Mask) =>
    type === 'mask' ? drawMask(mask, attributes) : drawPolygon(mask, attributes.points ?? '');
  return { structure: structureOf(shape), place, draw };
}

/** The attributes of a `mask` element, in CVAT's order. */
export function maskAttributes(mask: Mask): string {
  const [left, top, right, bottom] = maskBounds(mask);
  const runs = [0];
  let inside = 0;
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      const value = mask.data[y * mask.width + x];
      if (value === inside) {
        runs[runs.length - 1] += 1;
      } else {
        runs.push(1);
        inside = value;
      }
    }
  }
  const size = `width="${right - left + 1}" height="${bottom - top + 1}"`;
  return `rle="${runs.join(', ')}" left="${left}" top="${top}" ${size}`;
}
