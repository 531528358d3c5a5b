import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRect, encodeRuns, writeRuns } from '../../../audit/contract/runs.ts';
import { applyStrokes } from '../../../audit/store/strokes.ts';
import { copyRect, makeEdit, reversed, showsRect } from '../../../renderer/drawing/edits.ts';
import { DEPTH, History } from '../../../renderer/drawing/history.ts';
import type { Rect } from '../../../renderer/drawing/types.ts';
import { pictures } from './masks.ts';
import type { Picture } from './masks.ts';

const shares = fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000));

/** A rectangle of at least one pixel in the picture, made from four random numbers. */
function rectIn({ width, height }: Picture, [a, b, c, d]: readonly number[]): Rect {
  const x = a % width;
  const y = b % height;
  return { x, y, width: 1 + (c % (width - x)), height: 1 + (d % (height - y)) };
}

function crop({ width, mask }: Picture, rect: Rect): Uint8Array {
  const pixels: number[] = [];
  for (let y = rect.y; y < rect.y + rect.height; y += 1) {
    for (let x = rect.x; x < rect.x + rect.width; x += 1) pixels.push(mask[y * width + x]);
  }
  return Uint8Array.from(pixels);
}

describe('an edit', () => {
  it('packs a rectangle as the journal packs its pixels', () => {
    fc.assert(
      fc.property(pictures, shares, (picture, share) => {
        const rect = rectIn(picture, share);
        expect(encodeRect(picture.mask, picture.width, rect)).toEqual(
          encodeRuns(crop(picture, rect)),
        );
      }),
    );
  });

  it('is written back into its rectangle and nowhere else', () => {
    fc.assert(
      fc.property(pictures, shares, (picture, share) => {
        const { width, mask } = picture;
        const rect = rectIn(picture, share);
        const runs = encodeRect(mask, width, rect);
        const inverted = mask.map((value) => 1 - value);
        const wanted = inverted.slice();
        copyRect(mask, wanted, width, rect);
        expect(showsRect(inverted, width, rect, runs)).toBe(false);
        writeRuns(runs, inverted, width, rect);
        expect(inverted).toEqual(wanted);
        expect(showsRect(inverted, width, rect, runs)).toBe(true);
      }),
    );
  });

  it('is a stroke that the store applies with the same result, and its reverse undoes it', () => {
    fc.assert(
      fc.property(pictures, shares, (picture, share) => {
        const { width, height, mask } = picture;
        const after = mask.slice();
        const rect = rectIn(picture, share);
        writeRuns(encodeRuns(new Uint8Array(rect.width * rect.height).fill(1)), after, width, rect);
        const edit = makeEdit(mask, after, width, { x: 0, y: 0, width, height });
        if (!edit) {
          expect(after).toEqual(mask);
          return;
        }
        const strokes = [edit, reversed(edit), edit].map((one) => ({ ...one.rect, ...one }));
        const base = { width, height, data: mask };
        expect(applyStrokes(base, strokes.slice(0, 1)).data).toEqual(after);
        expect(applyStrokes(base, strokes.slice(0, 2)).data).toEqual(mask);
        expect(applyStrokes(base, strokes).data).toEqual(after);
      }),
    );
  });
});

describe('the history of an image', () => {
  const step = (name: string, n: number) => [
    {
      structure: name,
      edit: {
        rect: { x: n, y: 0, width: 1, height: 1 },
        before: Uint8Array.of(1),
        after: Uint8Array.of(0, 1),
      },
    },
  ];

  it('undoes the newest step of any structure, and redoes it', () => {
    const history = new History();
    history.push(step('lung', 1));
    history.push(step('heart', 2));
    expect(history.undo()).toEqual([
      { structure: 'heart', edit: reversed(step('heart', 2)[0].edit) },
    ]);
    expect(history.undo()?.[0].structure).toBe('lung');
    expect(history.undo()).toBeNull();
    expect(history.redo()).toEqual(step('lung', 1));
    expect(history.redo()).toEqual(step('heart', 2));
    expect(history.redo()).toBeNull();
  });

  it('undoes the changes of one step in the opposite order', () => {
    const history = new History();
    history.push([...step('lung', 1), ...step('heart', 2)]);
    expect(history.undo()?.map(({ structure }) => structure)).toEqual(['heart', 'lung']);
  });

  it('forgets what was undone when something else is drawn', () => {
    const history = new History();
    history.push(step('lung', 1));
    history.undo();
    history.push(step('lung', 2));
    expect(history.redoes).toEqual([]);
  });

  it('keeps a hundred steps', () => {
    const history = new History();
    for (let n = 0; n < DEPTH + 5; n += 1) history.push(step('lung', n));
    let undone = 0;
    let last = null;
    for (let back = history.undo(); back; back = history.undo(), undone += 1) last = back;
    expect(undone).toBe(100);
    expect(last?.[0].edit.rect.x).toBe(5);
  });

  it('forgets every step that touches a label that was changed elsewhere', () => {
    const history = new History();
    history.push(step('lung', 1));
    history.push(step('heart', 2));
    history.push([...step('lung', 3), ...step('heart', 3)]);
    history.forget('lung');
    expect(history.undo()?.[0].edit.rect.x).toBe(2);
    expect(history.undoes).toEqual([]);
  });
});
