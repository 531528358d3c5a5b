/** Random small masks for property tests, and simple functions that make, change and show masks. */
import fc from 'fast-check';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
}

/** Random pictures of up to 24 × 24 pixels, noisy or made of larger blocks. */
export const pictures: fc.Arbitrary<Picture> = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    blocks: fc.integer({ min: 1, max: 6 }),
    bits: fc.array(fc.boolean(), { minLength: 64, maxLength: 576 }),
  })
  .map(({ width, height, blocks, bits }) => {
    const mask = make(width, height, (x, y) => {
      const at = Math.floor(y / blocks) * 24 + Math.floor(x / blocks);
      return bits[at % bits.length] ?? false;
    });
    return { width, height, mask };
  });

/** The mask that is 1 at the pixels for which `inside` is true, and 0 elsewhere. */
export function make(
  width: number,
  height: number,
  inside: (x: number, y: number) => boolean,
): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) mask[y * width + x] = inside(x, y) ? 1 : 0;
  }
  return mask;
}

/** A picture from rows of `#` (1) and `.` (0). */
export function drawn(...rows: string[]): Picture {
  const width = rows[0].length;
  const mask = make(width, rows.length, (x, y) => rows[y][x] === '#');
  return { width, height: rows.length, mask };
}

/** The picture as rows of `#` and `.`, so that a failing test shows it. */
export function rows({ width, height, mask }: Picture): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from(mask.subarray(y * width, (y + 1) * width), (v) => (v === 1 ? '#' : '.')).join(''),
  );
}

/** Sets all pixels of a rectangle to 0, one after the other. */
export function clear(
  { width, mask }: Picture,
  rect: { x: number; y: number; width: number; height: number },
): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) mask[y * width + x] = 0;
  }
}
