import { describe, expect, it } from 'vitest';
import { copyPart } from '../../../renderer/drawing/proposal-part.ts';

const SIZE = 60;
type Box = readonly [left: number, top: number, right: number, bottom: number];

function boxes(...all: readonly Box[]): Uint8Array {
  const mask = new Uint8Array(SIZE * SIZE);
  for (const [left, top, right, bottom] of all) {
    for (let y = top; y < bottom; y += 1) mask.fill(1, y * SIZE + left, y * SIZE + right);
  }
  return mask;
}
const canvas = (mask: Uint8Array) => ({ width: SIZE, height: SIZE, mask });
const at = (x: number, y: number) => ({ x: x + 0.5, y: y + 0.5 });

describe('a click into what the model proposes', () => {
  // The proposal is one pixel wider all around, and has a part below that the label lacks.
  const label = boxes([10, 10, 40, 30]);
  const proposal = boxes([9, 9, 41, 31], [12, 31, 30, 50]);

  it('adds the missing part, and leaves the thin rim elsewhere as it was', () => {
    const mask = label.slice();
    const rect = copyPart(canvas(mask), proposal, at(20, 40));
    expect(rect).not.toBeNull();
    expect(mask[40 * SIZE + 20]).toBe(1);
    expect(mask[49 * SIZE + 12]).toBe(1);
    expect(mask[9 * SIZE + 25]).toBe(0);
    expect(mask[20 * SIZE + 9]).toBe(0);
    expect(mask[60 * 15 + 25]).toBe(1);
  });

  it('cuts a part that the proposal does not have', () => {
    const mask = boxes([10, 10, 40, 30], [40, 12, 55, 26]);
    copyPart(canvas(mask), label, at(50, 20));
    expect(mask).toEqual(label);
  });

  it('takes the border around the click where the two differ only a little', () => {
    const mask = label.slice();
    copyPart(canvas(mask), proposal, at(9, 20));
    expect(mask[20 * SIZE + 9]).toBe(1);
    expect(mask[20 * SIZE + 40]).toBe(0);
  });

  it('changes nothing where they agree, or beyond the image', () => {
    const mask = label.slice();
    expect(copyPart(canvas(mask), proposal, at(20, 20))).toBeNull();
    expect(copyPart(canvas(mask), proposal, at(-3, 20))).toBeNull();
    expect(mask).toEqual(label);
  });
});
