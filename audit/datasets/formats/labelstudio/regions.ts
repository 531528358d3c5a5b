/** Draws the regions of Label Studio into masks. Pure. */
import { WrongBrush, paintBrush } from '../../../imaging/brush-rle.ts';
import { addMask, emptyMask } from '../../../imaging/polygon.ts';
import type { Mask } from '../../../imaging/types.ts';
import { CodecError, checkBounds } from '../../../codecs/raster.ts';
import { paintSegmentation } from '../../masks/segmentation.ts';
import type { Size } from '../../masks/segmentation.ts';
import type { Region } from './tasks.ts';
import { fitToImage } from '../../masks/masks.ts';

/** The corners of a polygon in pixels. Label Studio stores them in per cent of the image's sides. */
function cornersOf(points: unknown, { width, height }: Size): number[] {
  if (!Array.isArray(points) || points.length < 3) {
    throw new CodecError('has a polygon of fewer than three corners: draw it again.');
  }
  return points.flatMap((point: unknown) => {
    const [x, y] = Array.isArray(point) ? (point as unknown[]) : [];
    if (typeof x !== 'number' || typeof y !== 'number') {
      throw new CodecError('has a polygon with a corner that is no point: export it again.');
    }
    // Divides first, like label-studio-converter: the last bit of the result can decide to which pixel a
    // corner is rounded.
    return [(x / 100) * width, (y / 100) * height];
  });
}

function bytesOf(rle: unknown): Uint8Array {
  const isBytes =
    Array.isArray(rle) && rle.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256);
  if (!isBytes) throw new CodecError('has a brush that is no list of bytes: export it again.');
  return Uint8Array.from(rle as number[]);
}

/**
 * The mask of one region at the given size.
 * @throws CodecError when the region cannot be drawn.
 */
export function regionMask(region: Region, size: Size): Mask {
  const { original_width: width = size.width, original_height: height = size.height } = region;
  checkBounds(width, height);
  const mask = emptyMask(width, height);
  if ('rle' in region.value) {
    try {
      paintBrush(bytesOf(region.value.rle), mask);
    } catch (error) {
      if (error instanceof WrongBrush) throw new CodecError(`${error.message}: export it again.`);
      throw error;
    }
  } else {
    // Gives the same pixels as label-studio-converter's export to COCO drawn with pycocotools.
    const corners = cornersOf(region.value.points, mask);
    paintSegmentation({ kind: 'polygons', parts: [corners] }, mask);
  }
  return fitToImage(mask, size).mask;
}

/** The union of all regions of a label. @throws CodecError as `regionMask`. */
export function uniteRegions(regions: readonly Region[], size: Size): Mask {
  checkBounds(size.width, size.height);
  const united = emptyMask(size.width, size.height);
  for (const region of regions) addMask(united, regionMask(region, size));
  return united;
}
