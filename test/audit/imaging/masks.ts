/** Small masks for tests: from text, from hex, or random. */
import fc from 'fast-check';
import type { Mask } from '../../../audit/imaging/types.ts';

/** A mask from rows of text; `#` is inside. */
export function drawn(...rows: string[]): Mask {
  return {
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)),
  };
}

/** A mask as rows of text. */
export function rowsOf(mask: Mask): string[] {
  return Array.from({ length: mask.height }, (_, y) =>
    Array.from(mask.data.subarray(y * mask.width, (y + 1) * mask.width), (v) =>
      v === 0 ? '.' : '#',
    ).join(''),
  );
}

/** Any mask of up to 12 × 12 pixels, from nearly empty to nearly full. */
export const anyMask: fc.Arbitrary<Mask> = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    fill: fc.integer({ min: 0, max: 10 }),
  })
  .chain(({ width, height, fill }) =>
    fc
      .array(fc.integer({ min: 0, max: 9 }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => ({
        width,
        height,
        data: Uint8Array.from(values, (v) => (v < fill ? 1 : 0)),
      })),
  );

/** A filled ellipse with the given centre and radii, in pixels. */
export function ellipse(
  size: { width: number; height: number },
  [cx, cy, rx, ry]: readonly [number, number, number, number],
): Mask {
  const data = new Uint8Array(size.width * size.height);
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1) data[y * size.width + x] = 1;
    }
  }
  return { ...size, data };
}

/** A mask from hex text with eight pixels per byte, row by row, without padding between the rows. */
export function ofBits(width: number, height: number, hex: string): Mask {
  const bytes = Buffer.from(hex, 'hex');
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    return (bytes[i >> 3] >> (7 - (i & 7))) & 1;
  });
  return { width, height, data };
}
