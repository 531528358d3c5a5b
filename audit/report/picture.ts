/**
 * The picture of one label: a crop of the image, and over it the outlines of label and proposal as
 * vectors.
 */
import { encode } from 'fast-png';
import type { GreyImage, Mask } from '../imaging/types.ts';
import { resampleImage } from '../imaging/resample.ts';
import { windowed } from '../imaging/window.ts';
import { outlinePath } from './contour.ts';
import type { Field } from './contour.ts';

/** A rectangle of an image, in its pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface LabelPicture {
  /** Size of the picture in pixels. The paths have the same coordinates. */
  readonly width: number;
  readonly height: number;
  /** `data:image/png;base64,…`. */
  readonly image: string;
  /** The outlines of label and proposal as SVG path data; empty without an outline. */
  readonly label: string;
  readonly proposal: string;
}

/** Longer side of a picture, in pixels. */
const SIDE = 340;
/**
 * `MARGIN`: the margin around the outlines, as a share of their longer side. `LEAST`: the side of the
 * smallest crop, as a share of the image's longer side.
 */
const MARGIN = 0.14;
const LEAST = 0.3;

/**
 * The box around all values of at least `level`: left, top, right and bottom as shares of the field, or
 * null if there are none.
 */
function bounds(field: Field, level: number): [number, number, number, number] | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  for (let y = 0; y < field.height; y += 1) {
    for (let x = 0; x < field.width; x += 1) {
      if (field.data[y * field.width + x] < level) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  }
  if (right < 0) return null;
  return [left / field.width, top / field.height, right / field.width, bottom / field.height];
}

/**
 * A square around the outlines of label and proposal, cut to the image's size; the whole image if there
 * is no outline.
 */
function cropBox(image: GreyImage, label: Field, proposal: Field | null): Box {
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const found = [bounds(label, 0.5), proposal && bounds(proposal, 0.5)].filter(
    (box) => box !== null,
  );
  if (found.length === 0) return whole;
  const left = Math.min(...found.map((box) => box[0])) * image.width;
  const top = Math.min(...found.map((box) => box[1])) * image.height;
  const right = Math.max(...found.map((box) => box[2])) * image.width;
  const bottom = Math.max(...found.map((box) => box[3])) * image.height;
  const longer = Math.max(right - left, bottom - top) * (1 + 2 * MARGIN);
  const side = Math.max(longer, LEAST * Math.max(image.width, image.height));
  const width = Math.max(1, Math.min(image.width, Math.round(side)));
  const height = Math.max(1, Math.min(image.height, Math.round(side)));
  const place = (centre: number, size: number, all: number): number =>
    Math.min(all - size, Math.max(0, Math.round(centre - size / 2)));
  return {
    x: place((left + right) / 2, width, image.width),
    y: place((top + bottom) / 2, height, image.height),
    width,
    height,
  };
}

function crop(image: GreyImage, box: Box): GreyImage {
  const data = new Uint16Array(box.width * box.height);
  for (let y = 0; y < box.height; y += 1) {
    const from = (box.y + y) * image.width + box.x;
    data.set(image.data.subarray(from, from + box.width), y * box.width);
  }
  return { width: box.width, height: box.height, bits: image.bits, data };
}

/**
 * How much of each pixel of the picture the mask covers, 0 … 1. With these shares the outline shows no
 * steps.
 */
function coverage(mask: Mask, box: Box, width: number, height: number): Field {
  const part = crop({ ...mask, bits: 1 }, box);
  const data = Float32Array.from(resampleImage(part, width, height), (value) => value / 65535);
  return { width, height, data };
}

/**
 * Draws a label.
 * @param proposal the segmenter's probabilities of the structure at any resolution, or null
 */
export function drawLabel(image: GreyImage, label: Mask, proposal: Field | null): LabelPicture {
  const box = cropBox(image, label, proposal);
  const scale = SIDE / Math.max(box.width, box.height);
  const width = Math.max(1, Math.round(box.width * scale));
  const height = Math.max(1, Math.round(box.height * scale));
  const data = windowed(resampleImage(crop(image, box), width, height));
  const png = encode({ width, height, data, channels: 1, depth: 8 });
  const toX = proposal === null ? 1 : image.width / proposal.width;
  const toY = proposal === null ? 1 : image.height / proposal.height;
  return {
    width,
    height,
    image: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
    label: outlinePath(coverage(label, box, width, height), 0.5, {
      x0: 0,
      y0: 0,
      scaleX: 1,
      scaleY: 1,
    }),
    proposal:
      proposal === null
        ? ''
        : outlinePath(proposal, 0.5, {
            x0: box.x / toX,
            y0: box.y / toY,
            scaleX: (toX * width) / box.width,
            scaleY: (toY * height) / box.height,
          }),
  };
}
