/** Decodes strokes of the journal and draws them on masks. Pure. */
import { decodeRuns } from '../contract/runs.ts';
import type { Mask } from '../imaging/types.ts';
import type { DecodedStroke, EncodedStroke } from './types.ts';

/** @throws Error if the stroke's rectangle leaves the image */
export function checkStrokeInside(
  stroke: EncodedStroke,
  size: { width: number; height: number },
): void {
  const { x, y, width, height } = stroke;
  const whole = [x, y, width, height].every(Number.isInteger);
  const inside =
    x >= 0 &&
    y >= 0 &&
    width > 0 &&
    height > 0 &&
    x + width <= size.width &&
    y + height <= size.height;
  if (!whole || !inside) throw new Error('a stroke leaves the image');
}

/** @throws Error if the runs do not fill the rectangle */
export function decodeStroke(stroke: EncodedStroke): DecodedStroke {
  const count = stroke.width * stroke.height;
  const pixels = {
    before: decodeRuns(stroke.before, count),
    after: decodeRuns(stroke.after, count),
  };
  return { ...stroke, pixels };
}

/** Whether the mask equals the stroke's `before`. The rectangle must lie in the mask. */
export function fitsStroke(mask: Mask, stroke: DecodedStroke): boolean {
  const { x, y, width, height } = stroke;
  const { before } = stroke.pixels;
  for (let row = 0; row < height; row += 1) {
    const start = (y + row) * mask.width + x;
    for (let column = 0; column < width; column += 1) {
      if (mask.data[start + column] !== before[row * width + column]) return false;
    }
  }
  return true;
}

/** Draws the stroke on the mask, in place. The rectangle must lie in the mask. */
export function drawStroke(mask: Mask, stroke: DecodedStroke): void {
  const { x, y, width, height } = stroke;
  for (let row = 0; row < height; row += 1) {
    const start = (y + row) * mask.width + x;
    mask.data.set(stroke.pixels.after.subarray(row * width, (row + 1) * width), start);
  }
}

/**
 * Draws the strokes, in order, on a copy of the mask.
 * @throws Error if a stroke's `before` differs from the mask: the journal belongs to another mask
 */
export function applyStrokes(mask: Mask, strokes: readonly EncodedStroke[]): Mask {
  const drawn = { width: mask.width, height: mask.height, data: Uint8Array.from(mask.data) };
  for (const stroke of strokes) {
    checkStrokeInside(stroke, mask);
    const decoded = decodeStroke(stroke);
    if (!fitsStroke(drawn, decoded)) {
      throw new Error('a stroke does not fit the mask it was drawn on');
    }
    drawStroke(drawn, decoded);
  }
  return drawn;
}
