/** Makes labels from the shapes that people drew in a file, and applies corrections to the shapes. */
import { addMask, emptyMask } from '../../imaging/polygon.ts';
import type { Point } from '../../imaging/polygon.ts';
import type { Mask } from '../../imaging/types.ts';
import { CodecError, UnreadableFile } from '../../codecs/raster.ts';
import { correctInstances } from './instances.ts';
import { changed } from '../import/notices.ts';
import type { LabelSource } from '../types.ts';

/** One shape of a file: an instance of a structure, or a part of an instance. */
export interface DrawnShape {
  readonly structure: string;
  /** The index of the shape in its file. In a YOLO file, it is the index of the shape's line. */
  readonly place: number;
  /**
   * Sets the shape's pixels in a mask of the image's size.
   * @throws CodecError when the shape cannot be drawn.
   */
  draw(mask: Mask): Promise<void> | void;
}

/** All drawable shapes of one image. */
export interface DrawnShapes {
  /** The size of the image on which the shapes were drawn, or null if the file does not say. */
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly shapes: readonly DrawnShape[];
}

const MAX_POINTS = 50_000;
/** Largest coordinate of a point, in pixels. */
const MAX_COORDINATE = 1e6;
/** Longest outline, in pixels. */
const MAX_LENGTH = 4e6;

/** @throws CodecError when a shape has too many points, a point far outside, or too long an outline. */
export function checkPoints(points: readonly Point[]): void {
  if (points.length > MAX_POINTS) {
    throw new CodecError(
      `has a shape of ${points.length} points, more than the ${MAX_POINTS} that are read: simplify it.`,
    );
  }
  let length = 0;
  points.forEach(([x, y], i) => {
    if (Number.isNaN(x) || Number.isNaN(y)) {
      throw new CodecError('has a shape with a point that is no number: draw it again.');
    }
    if (!(Math.abs(x) <= MAX_COORDINATE && Math.abs(y) <= MAX_COORDINATE)) {
      throw new CodecError('has a shape with a point far outside its image: draw it again.');
    }
    const [px, py] = points[(i + points.length - 1) % points.length];
    length += Math.abs(x - px) + Math.abs(y - py);
  });
  if (length > MAX_LENGTH) {
    throw new CodecError('has a shape with an outline that is too long to draw: draw it again.');
  }
}

/** @throws CodecError when the shapes were drawn on an image of another size. */
function checkSize({ size }: DrawnShapes, image: { width: number; height: number }): void {
  if (size === null || (size.width === image.width && size.height === image.height)) return;
  throw new CodecError(
    `was drawn on ${size.width} × ${size.height} pixels, but its image has ` +
      `${image.width} × ${image.height}: give it the image that it was drawn on.`,
  );
}

/** One label per structure: the union of its shapes in the file. */
export function shapeLabels(
  file: string,
  structures: readonly string[],
  read: () => Promise<DrawnShapes>,
): LabelSource[] {
  return structures.map((structure) => ({
    structure,
    file,
    read: async (image) => {
      try {
        const drawn = await read();
        checkSize(drawn, image);
        const mask = emptyMask(image.width, image.height);
        for (const shape of drawn.shapes) {
          if (shape.structure === structure) await shape.draw(mask);
        }
        const empty = mask.data.includes(1)
          ? undefined
          : `has no shape of “${structure}” that covers a pixel of its image: the label is empty.`;
        const notice = changed(file, [empty]);
        return { mask, ...(notice && { notice }) };
      } catch (error) {
        if (error instanceof CodecError) throw new UnreadableFile(file, error.message);
        throw error;
      }
    },
  }));
}

/** The shapes of a structure after the correction of its label. */
export interface CorrectedShapes {
  readonly changed: readonly { readonly place: number; readonly mask: Mask }[];
  /** The `place` of each shape that has no pixels left. */
  readonly removed: readonly number[];
  readonly added: readonly Mask[];
}

/**
 * The pixels that a correction changed, and their neighbours. A shape without any of these pixels does
 * not change.
 */
function pixelsNearChanges(before: Mask, after: Mask): Mask {
  const { width, height } = before;
  const near = emptyMask(width, height);
  for (let i = 0; i < before.data.length; i += 1) {
    if (before.data[i] === after.data[i]) continue;
    const x = i % width;
    const y = (i - x) / width;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
      near.data.fill(1, ny * width + Math.max(0, x - 1), ny * width + Math.min(width, x + 2));
    }
  }
  return near;
}

/**
 * Applies a correction to the shapes of a structure.
 * @param corrected the corrected label, or null if it was removed
 */
export async function correctShapes(
  shapes: readonly DrawnShape[],
  corrected: Mask | null,
): Promise<CorrectedShapes> {
  if (corrected === null)
    return { changed: [], removed: shapes.map(({ place }) => place), added: [] };
  const { width, height } = corrected;
  const before = emptyMask(width, height);
  for (const shape of shapes) await shape.draw(before);
  const near = pixelsNearChanges(before, corrected);
  // Only shapes near a change are kept as single masks, to save memory. All others are joined in one mask.
  const own: { place: number; mask: Mask }[] = [];
  const others = emptyMask(width, height);
  for (const shape of shapes) {
    const mask = emptyMask(width, height);
    await shape.draw(mask);
    const isNear = mask.data.some((value, i) => value === 1 && near.data[i] === 1);
    if (isNear) own.push({ place: shape.place, mask });
    else addMask(others, mask);
  }
  const masks = own.map(({ mask }) => mask);
  const mine = emptyMask(width, height);
  for (const mask of masks) addMask(mine, mask);
  const data = corrected.data.map((value, i) =>
    others.data[i] === 1 ? mine.data[i] & value : value,
  );
  const result = correctInstances(masks, { width, height, data });
  return {
    changed: result.changed.map((at) => ({ place: own[at].place, mask: result.instances[at] })),
    removed: result.emptied.map((at) => own[at].place),
    added: result.added,
  };
}
