import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cocoRunsOfText, paintCocoRuns } from '../../../audit/imaging/coco-rle.ts';
import { PolygonTooLong, cocoPolygonRuns } from '../../../audit/imaging/polygon-coco.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { ofBits, rowsOf } from './masks.ts';

/** Polygons and their runs; `make.py` in the same folder made them with pycocotools. */
const fixture = new URL('../fixtures/coco/polygons.json', import.meta.url);
const { width, height, polygons } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  width: number;
  height: number;
  polygons: { xy: number[]; counts: string; bits: string }[];
};

describe('a polygon of COCO', () => {
  it.each(polygons.map((one, i) => [i, one] as const))(
    'has the runs and pixels that pycocotools gives it (%i)',
    (_, { xy, counts, bits }) => {
      const runs = cocoPolygonRuns(xy, width, height);
      expect(runs).toEqual(cocoRunsOfText(counts));
      const mask: Mask = { width, height, data: new Uint8Array(width * height) };
      paintCocoRuns(runs, mask);
      expect(rowsOf(mask)).toEqual(rowsOf(ofBits(width, height, bits)));
    },
  );

  it('that is too long for any image is refused before its pixels are computed', () => {
    expect(() => cocoPolygonRuns([0, 0, 1e300, 0, 0, 1e300], 9, 9)).toThrow(PolygonTooLong);
    expect(() => cocoPolygonRuns([0, 0, 1e7, 0, 0, 1e7], 9, 9)).toThrow(PolygonTooLong);
  });
});
