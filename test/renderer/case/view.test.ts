import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fittedView, kept, toImage, toStage, viewOn, zoomed } from '../../../renderer/case/view.ts';
import { dragged, windowOf } from '../../../renderer/case/window.ts';

const lengths = fc.integer({ min: 20, max: 4096 });
const sizes = fc.record({ width: lengths, height: lengths });
const stage = { width: 780, height: 856 };

describe('the view', () => {
  it('fits the whole image, in the middle, touching two edges', () => {
    fc.assert(
      fc.property(sizes, (image) => {
        const view = fittedView(image, stage);
        const corner = toStage(view, { x: image.width, y: image.height });
        expect(view.x + corner.x).toBeCloseTo(stage.width, 6);
        expect(view.y + corner.y).toBeCloseTo(stage.height, 6);
        expect(Math.min(view.x, view.y)).toBeCloseTo(0, 6);
      }),
    );
  });

  it('keeps the image clear of the bars that float over the edges', () => {
    const insets = { top: 60, right: 0, bottom: 90, left: 60 };
    const view = fittedView({ width: 100, height: 200 }, stage, insets);
    expect(view.y).toBeCloseTo(60);
    expect(view.y + 200 * view.scale).toBeCloseTo(856 - 90);
  });

  it('brings a part to the middle of the room between the bars, at most four times enlarged', () => {
    const insets = { top: 60, right: 0, bottom: 96, left: 80 };
    const image = { width: 1000, height: 1000 };
    const fitted = fittedView(image, stage, insets).scale;
    const small = { x: 600, y: 500, width: 10, height: 6 };
    const near = viewOn(small, image, stage, insets);
    expect(near.scale).toBeCloseTo(4 * fitted);
    expect(toStage(near, { x: 605, y: 503 })).toEqual({
      x: expect.closeTo(80 + 700 / 2) as number,
      y: expect.closeTo(60 + 700 / 2) as number,
    });
    const half = viewOn({ x: 100, y: 100, width: 500, height: 300 }, image, stage, insets);
    expect(half.scale).toBeCloseTo(fitted);
  });

  it('zooms to the pointer: what is under it stays there', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: 1, max: 3, noNaN: true }),
        fc.double({ min: 0.3, max: 0.7, noNaN: true }),
        fc.double({ min: 0.3, max: 0.7, noNaN: true }),
        (image, factor, across, down) => {
          const view = fittedView(image, stage);
          const at = toStage(view, { x: across * image.width, y: down * image.height });
          const after = toImage(zoomed(view, factor, at, image, stage), at);
          expect(after.x).toBeCloseTo(across * image.width, 4);
          expect(after.y).toBeCloseTo(down * image.height, 4);
        },
      ),
    );
  });

  it('is never dragged off the stage', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), fc.integer(), (image, x, y) => {
        const view = kept({ ...fittedView(image, stage), x, y }, image, stage);
        expect(view.x).toBeLessThan(stage.width);
        expect(view.x + image.width * view.scale).toBeGreaterThan(0);
        expect(view.y).toBeLessThan(stage.height);
        expect(view.y + image.height * view.scale).toBeGreaterThan(0);
      }),
    );
  });
});

describe('the window of grey values', () => {
  it('never has the width zero', () => {
    expect(windowOf(7, 7, false)).toEqual({ low: 6.5, high: 7.5, invert: false });
    const narrow = dragged({ low: 10, high: 12, invert: true }, -4000, 0, 255);
    expect(narrow.high - narrow.low).toBe(1);
    expect(narrow.invert).toBe(true);
  });

  it('is widened by a drag to the right, and keeps its level', () => {
    const after = dragged({ low: 1000, high: 3000, invert: false }, 80, 0, 4000);
    expect(after).toEqual({ low: 800, high: 3200, invert: false });
  });

  it('moves its level by a drag up or down, and keeps its width', () => {
    const after = dragged({ low: 1000, high: 3000, invert: false }, 0, -80, 4000);
    expect(after).toEqual({ low: 600, high: 2600, invert: false });
  });
});
