import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editInstances } from '../../../../audit/datasets/masks/correct-instances.ts';
import { correctInstances } from '../../../../audit/datasets/masks/instances.ts';
import { components } from '../../../../audit/imaging/morphology.ts';
import type { Mask } from '../../../../audit/imaging/types.ts';
import { drawn, rowsOf } from '../../imaging/masks.ts';

function union(masks: readonly Mask[], like: Mask): Mask {
  const data = new Uint8Array(like.data.length);
  for (const mask of masks) mask.data.forEach((value, i) => (data[i] |= value));
  return { ...like, data };
}

/** Up to four instances, which may overlap or be empty, and a random correction. */
const anyCorrection = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    count: fc.integer({ min: 0, max: 4 }),
  })
  .chain(({ width, height, count }) => {
    const plane = fc
      .array(fc.integer({ min: 0, max: 3 }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => ({
        width,
        height,
        data: Uint8Array.from(values, (v) => (v === 3 ? 1 : 0)),
      }));
    return fc.record({
      before: fc.array(plane, { minLength: count, maxLength: count }),
      corrected: plane,
    });
  });

describe('instances of one structure after a correction', () => {
  const left = drawn('##....##', '##....##', '##......');
  const right = drawn('........', '......##', '......##');

  it('stay the same if nothing changed', () => {
    const same = correctInstances([left, right], union([left, right], left));
    expect(same.instances[0]).toBe(left);
    expect(same.instances[1]).toBe(right);
    expect(same).toMatchObject({ changed: [], emptied: [], added: [] });
  });

  it('lose removed pixels wherever they overlap', () => {
    const cut = correctInstances([left, right], drawn('##....##', '##......', '##....##'));
    expect(rowsOf(cut.instances[0])).toEqual(['##....##', '##......', '##......']);
    expect(rowsOf(cut.instances[1])).toEqual(['........', '........', '......##']);
    expect(cut.changed).toEqual([0, 1]);
  });

  it('get a new part that touches several of them where the shared border is longest', () => {
    const [a, b] = [drawn('#.....', '......', '......'), drawn('....##', '....##', '....##')];
    const joined = correctInstances([a, b], drawn('#...##', '.#####', '....##'));
    expect(rowsOf(joined.instances[0])).toEqual(rowsOf(a));
    expect(rowsOf(joined.instances[1])).toEqual(['....##', '.#####', '....##']);
    expect(joined).toMatchObject({ changed: [1], added: [] });
  });

  it('keep their identity if erased and redrawn a little aside', () => {
    const moved = correctInstances([drawn('##....')], drawn('..##..'));
    expect(rowsOf(moved.instances[0])).toEqual(['..##..']);
    expect(moved).toMatchObject({ changed: [0], emptied: [], added: [] });
  });

  it('are new if a part touches none, and empty if no pixel is left', () => {
    const after = correctInstances([drawn('##......')], drawn('....#..#'));
    expect(after.emptied).toEqual([0]);
    expect(after.added.map(rowsOf)).toEqual([['....#...'], ['.......#']]);
  });

  it('together form the corrected mask, and only those that the correction touches change', () => {
    fc.assert(
      fc.property(anyCorrection, ({ before, corrected }) => {
        const { instances, changed, emptied, added } = correctInstances(before, corrected);
        expect(rowsOf(union([...instances, ...added], corrected))).toEqual(rowsOf(corrected));
        instances.forEach((mask, place) => {
          const same = rowsOf(mask).join() === rowsOf(before[place]).join();
          expect(mask === before[place]).toBe(same);
          const empty = !mask.data.includes(1);
          expect(changed.includes(place)).toBe(!same && !empty);
          expect(emptied.includes(place)).toBe(!same && empty);
        });
      }),
    );
  });

  it('keep their own pixels, and never share an added pixel', () => {
    fc.assert(
      fc.property(anyCorrection, ({ before, corrected }) => {
        const { instances, added } = correctInstances(before, corrected);
        const all = union(before, corrected);
        corrected.data.forEach((value, i) => {
          before.forEach((mask, place) => {
            if (mask.data[i] === 1) expect(instances[place].data[i]).toBe(value);
          });
          if (value === 0 || all.data[i] === 1) return;
          const owners = [...instances, ...added].filter((mask) => mask.data[i] === 1);
          expect(owners.length).toBe(1);
        });
        for (const mask of added) {
          expect(components(mask).components.length).toBe(1);
          const apart = components(union([mask, ...before], corrected));
          const own = new Set(apart.labels.filter((_, i) => mask.data[i] === 1));
          expect(own.size).toBe(1);
          expect(
            before.some((one) => one.data.some((v, i) => v === 1 && own.has(apart.labels[i]))),
          ).toBe(false);
        }
      }),
    );
  });

  it('are the same if only the changed rectangle is held in memory', () => {
    fc.assert(
      fc.property(anyCorrection, ({ before, corrected }) => {
        const whole = correctInstances(before, corrected);
        const copy = (place: number): Mask => ({
          ...before[place],
          data: before[place].data.slice(),
        });
        const edits = editInstances(before.length, copy, union(before, corrected), corrected);
        const expected = [...whole.changed, ...whole.emptied].map(
          (place) =>
            [place, whole.emptied.includes(place) ? null : rowsOf(whole.instances[place])] as const,
        );
        const found = [...edits.changed].map(
          ([place, mask]) => [place, mask && rowsOf(mask)] as const,
        );
        // The order of the changes does not matter, because each has the index of its instance.
        expect(new Map(found)).toEqual(new Map(expected));
        expect(edits.added.map(rowsOf)).toEqual(whole.added.map(rowsOf));
      }),
    );
  });
});
