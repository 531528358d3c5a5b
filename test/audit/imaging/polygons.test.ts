import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawShape } from '../../../audit/datasets/formats/labelme/shapes.ts';
import { drawOpenCvPolygon } from '../../../audit/imaging/polygon-opencv.ts';
import { differingPixels, emptyMask } from '../../../audit/imaging/polygon.ts';
import type { Point } from '../../../audit/imaging/polygon.ts';
import { tracePolygons } from '../../../audit/imaging/trace.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { drawn } from '../datasets/fixtures.ts';

/** A shape and the mask that a tool (OpenCV or labelme) draws of it, made by fixtures/polygons.py. */
interface Drawing {
  kind: string;
  width: number;
  height: number;
  points: Point[];
  runs: number[];
}
const lines = readFileSync(new URL('./fixtures/polygons.jsonl', import.meta.url), 'utf8');
const cases = lines
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Drawing);

function ofRuns(width: number, height: number, runs: readonly number[]): Mask {
  const mask = emptyMask(width, height);
  let at = 0;
  runs.forEach((length, i) => mask.data.fill(i % 2, at, (at += length)));
  return mask;
}

describe('a drawn shape has exactly the pixels of', () => {
  for (const kind of new Set(cases.map((one) => one.kind))) {
    const by = kind === 'opencv' ? 'a polygon by cv2.fillPoly' : `a ${kind} by labelme`;
    it(by, () => {
      const own = cases.filter((one) => one.kind === kind);
      expect(own.length).toBeGreaterThanOrEqual(12);
      for (const { width, height, points, runs } of own) {
        const mask = emptyMask(width, height);
        if (kind === 'opencv') drawOpenCvPolygon(mask, points);
        else drawShape(mask, kind, points);
        expect(drawn(mask), JSON.stringify(points)).toBe(drawn(ofRuns(width, height, runs)));
      }
    });
  }
});

describe('a traced mask', () => {
  const masks = fc
    .record({
      width: fc.integer({ min: 1, max: 12 }),
      height: fc.integer({ min: 1, max: 12 }),
      /** The share of inside pixels; dense masks have holes, some of them next to each other. */
      density: fc.constantFrom(0.2, 0.5, 0.8, 0.93),
      seed: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
        minLength: 144,
        maxLength: 144,
      }),
    })
    .map(({ width, height, density, seed }) => {
      const mask = emptyMask(width, height);
      for (let i = 0; i < mask.data.length; i += 1) mask.data[i] = seed[i] < density ? 1 : 0;
      return mask;
    });

  it('is the same mask, with its holes, when OpenCV fills the polygons', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        const again = emptyMask(mask.width, mask.height);
        for (const polygon of tracePolygons(mask)) drawOpenCvPolygon(again, polygon);
        expect(drawn(again)).toBe(drawn(mask));
        expect(differingPixels(again, mask)).toBe(0);
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it('has one polygon for each part, without points on straight lines', () => {
    const rows = ['#####..', '#...#.#', '#.#.#.#', '#...#..', '#####..'];
    const data = Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0));
    const polygons = tracePolygons({ width: 7, height: 5, data });
    expect(polygons).toHaveLength(3);
    expect(polygons[1]).toEqual([
      [6, 1],
      [6, 2],
    ]);
    expect(polygons[2]).toEqual([[2, 2]]);
    // The outline has 4 corners, 8 points for the hole, whose corners are cut, and 3 for the bridge to it.
    expect(polygons[0]).toHaveLength(15);
  });
});
