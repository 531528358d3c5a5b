/**
 * Augmentation that keeps a radiograph plausible: a small rotation, shift and scale, and another
 * exposure. Never a flip: it would put the heart on the other side.
 */
import { Random } from '../models/random.ts';

/**
 * Changes one case in place: `image` is height·width, z-scored; `labels` height·width·structures,
 * channels last, 0 or 1.
 */
export type Augment = (index: number, image: Float32Array, labels: Float32Array) => void;

const TURN = (5 * Math.PI) / 180;
const SHIFT = 0.03;
const SCALE = 0.05;
const CONTRAST = 0.15;
const BRIGHTNESS = 0.15;

/**
 * Makes the changes of one epoch. They depend only on seed, epoch and case, so a resumed training sees
 * the same pictures.
 */
export function augmentation(
  width: number,
  height: number,
  structures: number,
  seed: number,
  epoch: number,
): Augment {
  return (index, image, labels) => {
    const source = Random.forTraining(seed, 'augment', epoch, index);
    const spread = (range: number): number => (source.next() * 2 - 1) * range;
    const turn = spread(TURN);
    const scale = 1 + spread(SCALE);
    const [dx, dy] = [spread(SHIFT) * width, spread(SHIFT) * height];
    const contrast = 1 + spread(CONTRAST);
    const brightness = spread(BRIGHTNESS);
    const cosine = Math.cos(turn) / scale;
    const sine = Math.sin(turn) / scale;
    const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
    const oldImage = image.slice();
    const oldLabels = labels.slice();

    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const u = clamp(cosine * (x - cx - dx) + sine * (y - cy - dy) + cx, width - 1);
        const v = clamp(-sine * (x - cx - dx) + cosine * (y - cy - dy) + cy, height - 1);
        const to = y * width + x;
        image[to] = contrast * bilinear(oldImage, width, height, u, v) + brightness;
        const from = (Math.round(v) * width + Math.round(u)) * structures;
        for (let s = 0; s < structures; s++) labels[to * structures + s] = oldLabels[from + s];
      }
    }
  };
}

function clamp(value: number, highest: number): number {
  return Math.min(Math.max(value, 0), highest);
}

function bilinear(
  image: Float32Array,
  width: number,
  height: number,
  u: number,
  v: number,
): number {
  const [x0, y0] = [Math.floor(u), Math.floor(v)];
  const [x1, y1] = [Math.min(x0 + 1, width - 1), Math.min(y0 + 1, height - 1)];
  const [a, b] = [u - x0, v - y0];
  const top = image[y0 * width + x0] * (1 - a) + image[y0 * width + x1] * a;
  const bottom = image[y1 * width + x0] * (1 - a) + image[y1 * width + x1] * a;
  return top * (1 - b) + bottom * b;
}
