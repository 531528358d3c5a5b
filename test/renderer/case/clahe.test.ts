import { expect, it } from 'vitest';
import { equalized } from '../../../renderer/case/clahe.ts';

/** A dark half and a bright half, each with weak texture. */
function texture(width: number, height: number): Uint16Array {
  return Uint16Array.from(
    { length: width * height },
    (_, i) => (i % width < width / 2 ? 800 : 3200) + ((i * 7919) % 401),
  );
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

it('makes weak texture clearer on dark and on bright ground', () => {
  const [width, height] = [128, 96];
  const even = equalized(texture(width, height), width, height, { low: 0, high: 4095 });
  const plain = (400 / 4095) * 255;
  for (const x of [8, 80]) expect(spread([...even.subarray(x, x + 40)])).toBeGreaterThan(2 * plain);
});

it('limits how much noise is amplified, and works on tiny images', () => {
  const flat = Uint8Array.from({ length: 64 * 64 }, (_, i) => 100 + (i % 2));
  const even = equalized(flat, 64, 64, { low: 0, high: 255 });
  expect(spread([...even])).toBeLessThan(12);
  expect(equalized(Uint8Array.of(0, 255, 10), 3, 1, { low: 0, high: 255 })).toHaveLength(3);
});
