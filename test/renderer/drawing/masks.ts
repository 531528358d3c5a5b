/** Masks for property tests: small, of any shape, and slow obvious ways to make them. */
import fc from 'fast-check';

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;
}

/** Pictures up to 24 × 24 pixels, noisy or of large pieces. */
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

/** The mask of the pixels that `inside` says of. */
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

/** A mask drawn with `#` and `.`, a row a line. */
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

/** Takes everything out of a rectangle, one pixel after the other. */
export function clear(
  { width, mask }: Picture,
  rect: { x: number; y: number; width: number; height: number },
): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) mask[y * width + x] = 0;
  }
}
