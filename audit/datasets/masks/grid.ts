/** Compares where a mask and its image lie in space, as NIfTI and DICOM files state it. Pure. */
import { CodecError } from '../../codecs/raster.ts';
import type { PixelGrid } from '../../imaging/types.ts';

/** A picture and, if its file states it, where its pixels lie. */
export interface Gridded {
  readonly width: number;
  readonly height: number;
  readonly grid?: PixelGrid;
}

/** The cosine of the largest angle between two directions that count as the same: 18 degrees. */
const SAME_DIRECTION = 0.95;
/** How far the sizes of pixels may differ. */
const SIZE_TOLERANCE = 0.01;

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const length = (a: Vector): number => Math.sqrt(dot(a, a));
const cosine = (a: Vector, b: Vector): number => dot(a, b) / (length(a) * length(b));

/** Whether tools write this affine into a file that has no place: steps of 1 mm along the axes, from 0. */
function isDefault({ origin, column, row }: PixelGrid): boolean {
  const isUnit = (step: Vector, axis: number) =>
    step.every((part, i) => Math.abs(part) === (i === axis ? 1 : 0));
  return isUnit(column, 0) && isUnit(row, 1) && origin[0] === 0 && origin[1] === 0;
}

/** The outer corner of the first or last pixel. */
function corner({ width, height }: Gridded, grid: PixelGrid, isLast: boolean): Vector {
  const [x, y] = isLast ? [width - 0.5, height - 0.5] : [-0.5, -0.5];
  return grid.origin.map((start, i) => start + x * grid.column[i] + y * grid.row[i]);
}

/** How far the corners lie apart within the image's plane, in the larger of the two pixels. */
function apart(mask: Gridded, own: PixelGrid, image: Gridded, grid: PixelGrid): number {
  const distances = [false, true].flatMap((isLast) => {
    const [a, b] = [corner(mask, own, isLast), corner(image, grid, isLast)];
    const way = a.map((part, i) => part - b[i]);
    return [
      [grid.column, own.column],
      [grid.row, own.row],
    ].map(
      ([step, other]) =>
        Math.abs(dot(way, step)) / length(step) / Math.max(length(step), length(other)),
    );
  });
  return Math.max(...distances);
}

/**
 * Checks that the pixels of a mask may be laid on those of its image.
 * @returns a note if their places differ, but the directions do not; undefined if they agree or if one of
 *   them states no place
 * @throws CodecError when the directions differ, or when a mask of another size covers another area.
 */
export function gridNote(mask: Gridded, image: Gridded): string | undefined {
  const [own, other] = [mask.grid, image.grid];
  if (own === undefined || other === undefined) return undefined;
  const isSame =
    cosine(own.column, other.column) >= SAME_DIRECTION &&
    cosine(own.row, other.row) >= SAME_DIRECTION;
  if (isDefault(own) || isDefault(other)) {
    const which = isDefault(own) ? 'its affine' : 'the affine of its image';
    return isSame
      ? undefined
      : `has another direction than its image, but ${which} is the one of files without a place: taken pixel by pixel.`;
  }
  if (!isSame) {
    throw new CodecError(
      'lies in another direction than its image, as both files state: resample it onto its image.',
    );
  }
  const distance = apart(mask, own, image, other);
  const isSameSize = mask.width === image.width && mask.height === image.height;
  if (!isSameSize && distance > 1) {
    throw new CodecError(
      'covers another area than its image, as both files state: resample it onto its image.',
    );
  }
  const scale = Math.abs(length(own.column) / length(other.column) - 1);
  return isSameSize && (distance > 1 || scale > SIZE_TOLERANCE)
    ? 'has another origin or pixel size than its image: taken pixel by pixel.'
    : undefined;
}
