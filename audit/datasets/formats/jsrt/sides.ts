/**
 * Splits a corrected mask of both sides into left and right. The left and the right mask from before the
 * correction decide which pixel goes to which side. Pure.
 */
import { squaredDistance } from '../../../imaging/distance.ts';
import type { Mask } from '../../../imaging/types.ts';

const NONE = 0;
const LEFT = 1;
const RIGHT = 2;

/** Connected components (8 neighbours) as lists of pixel indices. */
function* components(mask: Mask): Generator<Int32Array> {
  const { width, height, data } = mask;
  const seen = new Uint8Array(data.length);
  const queue = new Int32Array(data.length);
  for (let start = 0; start < data.length; start += 1) {
    if (data[start] === 0 || seen[start] === 1) continue;
    let length = 1;
    queue[0] = start;
    seen[start] = 1;
    for (let at = 0; at < length; at += 1) {
      const x = queue[at] % width;
      const y = (queue[at] - x) / width;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx += 1) {
          const next = ny * width + nx;
          if (data[next] === 0 || seen[next] === 1) continue;
          seen[next] = 1;
          queue[length] = next;
          length += 1;
        }
      }
    }
    yield queue.subarray(0, length);
  }
}

/**
 * For each pixel, the side whose original mask is nearer. If both masks are empty, the halves of the
 * image decide.
 */
function nearerSide(left: Mask, right: Mask): Uint8Array {
  const { width } = left;
  const side = new Uint8Array(left.data.length);
  const none = !left.data.includes(1) && !right.data.includes(1);
  const toLeft = squaredDistance(left, 'inside');
  const toRight = squaredDistance(right, 'inside');
  for (let i = 0; i < side.length; i += 1) {
    // A radiograph shows the patient from the front: the patient's left is on the right of the image.
    if (none) side[i] = i % width >= width / 2 ? LEFT : RIGHT;
    else side[i] = toLeft[i] <= toRight[i] ? LEFT : RIGHT;
  }
  return side;
}

/**
 * Splits `mask` into left and right. A connected part that overlaps the original mask of one side goes to
 * that side. A part that overlaps both masks is cut half-way between them. A part that overlaps neither goes
 * to the side whose mask is nearer to most of the part's pixels.
 * @param left,right the original masks, of `mask`'s size
 */
export function splitSides(mask: Mask, left: Mask, right: Mask): { left: Mask; right: Mask } {
  const { width, height } = mask;
  const nearer = nearerSide(left, right);
  const result = {
    left: new Uint8Array(mask.data.length),
    right: new Uint8Array(mask.data.length),
  };
  for (const pixels of components(mask)) {
    let meets = NONE;
    let balance = 0;
    for (const pixel of pixels) {
      if (left.data[pixel] === 1) meets |= LEFT;
      if (right.data[pixel] === 1) meets |= RIGHT;
      balance += nearer[pixel] === LEFT ? 1 : -1;
    }
    const whole = meets === NONE ? (balance >= 0 ? LEFT : RIGHT) : meets;
    for (const pixel of pixels) {
      const side = whole === LEFT || whole === RIGHT ? whole : nearer[pixel];
      (side === LEFT ? result.left : result.right)[pixel] = 1;
    }
  }
  return {
    left: { width, height, data: result.left },
    right: { width, height, data: result.right },
  };
}
