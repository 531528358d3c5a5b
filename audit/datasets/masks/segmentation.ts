/**
 * The `segmentation` of a COCO annotation: parses it and paints it into a mask. It holds polygons, or
 * run lengths as numbers or text. Pure.
 */
import { WrongRuns, cocoRunsOfText, paintCocoRuns } from '../../imaging/coco-rle.ts';
import { PolygonTooLong, cocoPolygonRuns } from '../../imaging/polygon-coco.ts';
import { emptyMask } from '../../imaging/polygon.ts';
import type { Mask } from '../../imaging/types.ts';
import { CodecError, checkBounds } from '../../codecs/raster.ts';
import { fitToImage } from './masks.ts';

/** A parsed `segmentation`. */
export type Segmentation =
  | { readonly kind: 'polygons'; readonly parts: readonly (readonly number[])[] }
  | {
      readonly kind: 'runs';
      readonly width: number;
      readonly height: number;
      readonly counts: string | readonly number[];
    };

/** Width and height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => Number.isFinite(one));

/**
 * Parses the `segmentation` of an annotation.
 * @param value the field `segmentation` of an annotation
 * @returns the segmentation, or null if the annotation has only a box or key points
 * @throws CodecError when `value` is neither polygons nor run lengths.
 */
export function parseSegmentation(value: unknown): Segmentation | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    if (value.length === 0) return null;
    const parts = (isNumbers(value) ? [value] : value) as unknown[];
    // pycocotools reads polygons as boxes if the first one has only four numbers, so such a list is
    // refused.
    if (!parts.every(isNumbers) || parts.some((part) => part.length < 2) || parts[0].length < 6) {
      throw new CodecError(
        'has a polygon that is not a list of three or more corners: draw it again.',
      );
    }
    return { kind: 'polygons', parts };
  }
  const { size, counts } = value as { size?: unknown; counts?: unknown };
  if (!isNumbers(size) || size.length !== 2 || !size.every((side) => Number.isInteger(side))) {
    throw new CodecError('has run lengths without the size [height, width]: export it again.');
  }
  if (typeof counts !== 'string' && !isNumbers(counts)) {
    throw new CodecError('has run lengths that are neither numbers nor text: export it again.');
  }
  const [height, width] = size;
  checkBounds(width, height);
  return { kind: 'runs', width, height, counts };
}

/**
 * The size at which a segmentation is painted. Run lengths state their own size; polygons use the
 * image's.
 */
function sizeOf(segmentation: Segmentation, image: Size): Size {
  return segmentation.kind === 'runs' ? segmentation : image;
}

/**
 * Paints a segmentation into a mask of the size that `sizeOf` gives. Pixels that are set already stay
 * set.
 * @throws CodecError when the run lengths do not fit that size, or a polygon is far too long.
 */
export function paintSegmentation(segmentation: Segmentation, mask: Mask): void {
  try {
    if (segmentation.kind === 'runs') {
      const { counts } = segmentation;
      paintCocoRuns(typeof counts === 'string' ? cocoRunsOfText(counts) : counts, mask);
      return;
    }
    for (const part of segmentation.parts) {
      paintCocoRuns(cocoPolygonRuns(part, mask.width, mask.height), mask);
    }
  } catch (error) {
    if (error instanceof WrongRuns) throw new CodecError(`${error.message}: export it again.`);
    if (error instanceof PolygonTooLong) {
      throw new CodecError(
        'has a polygon that is many times as large as its image: draw it again.',
      );
    }
    throw error;
  }
}

/** The mask of one annotation, resampled to the given size if it was painted at another. */
export function instanceMask(segmentation: Segmentation, size: Size): Mask {
  const { width, height } = sizeOf(segmentation, size);
  const mask = emptyMask(width, height);
  paintSegmentation(segmentation, mask);
  return fitToImage(mask, size).mask;
}

/**
 * The union of all annotations of a label, at the given size.
 * @throws CodecError as `paintSegmentation`, and when `checkBounds` refuses the size.
 */
export function unite(segmentations: readonly Segmentation[], size: Size): Mask {
  checkBounds(size.width, size.height);
  const united = emptyMask(size.width, size.height);
  for (const segmentation of segmentations) {
    const own = sizeOf(segmentation, size);
    if (own.width === size.width && own.height === size.height) {
      paintSegmentation(segmentation, united);
    } else {
      const { data } = instanceMask(segmentation, size);
      for (let i = 0; i < data.length; i += 1) united.data[i] |= data[i];
    }
  }
  return united;
}
