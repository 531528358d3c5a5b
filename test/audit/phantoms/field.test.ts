import { describe, expect, it } from 'vitest';
import { closedCurve, openCurve, tubeOutline } from '../../../audit/phantoms/curves.ts';
import type { Point } from '../../../audit/imaging/polygon.ts';
import { DistanceField } from '../../../audit/phantoms/field.ts';
import { drawTube } from '../../../audit/phantoms/tube.ts';

const circle = (n: number, r: number): Point[] =>
  Array.from({ length: n }, (_, i): Point => {
    const a = (2 * Math.PI * i) / n;
    return [0.5 + r * Math.cos(a), 0.45 + r * Math.sin(a)];
  });

describe('DistanceField', () => {
  it('is the signed distance to a circle', () => {
    const field = new DistanceField(circle(200, 0.2), 0.05);
    for (const [x, y] of [
      [0.5, 0.45],
      [0.62, 0.4],
      [0.31, 0.5],
      [0.7, 0.58],
      [0.5, 0.665],
    ]) {
      const exact = 0.2 - Math.hypot(x - 0.5, y - 0.45);
      expect(Math.abs(field.at(x, y) - exact)).toBeLessThan(0.004);
    }
    expect(field.at(0.95, 0.95)).toBe(-1);
  });

  it('visits each inside pixel once at every size, and no pixel outside the picture', () => {
    const field = new DistanceField(
      circle(90, 0.3).map(([x, y]): Point => [x + 0.35, y]),
      0.05,
    );
    for (const size of [64, 129, 300]) {
      const visits = new Uint8Array(size * size);
      let wrong = 0;
      field.visit(size, 0, (i, depth, x, y) => {
        visits[i] += 1;
        if (Math.abs(depth - field.at(x, y)) > 1e-6) wrong += 1;
      });
      visits.forEach((count, i) => {
        const [x, y] = [(i % size) + 0.5, Math.floor(i / size) + 0.5];
        const depth = 0.3 - Math.hypot(x / size - 0.85, y / size - 0.45);
        if (Math.abs(depth) > 0.003 && count !== (depth > 0 ? 1 : 0)) wrong += 1;
      });
      expect(wrong).toBe(0);
    }
  });
});

describe('curves and tubes', () => {
  it('go through their points', () => {
    const points = circle(7, 0.2);
    const closed = closedCurve(points, 4);
    const open = openCurve(points, 4);
    points.forEach((point, i) => {
      expect(closed[i * 4]).toEqual(point);
      expect(open[i * 4]).toEqual(point);
    });
    expect(closed).toHaveLength(28);
    expect(open).toHaveLength(25);
  });

  it('give a tube the right width and rounded ends', () => {
    const field = new DistanceField(
      tubeOutline(
        [
          [0.2, 0.5],
          [0.5, 0.5],
          [0.8, 0.5],
        ],
        () => 0.05,
      ),
      0.02,
    );
    expect(field.at(0.5, 0.5)).toBeCloseTo(0.05, 2);
    expect(field.at(0.5, 0.54)).toBeGreaterThan(0);
    expect(field.at(0.5, 0.56)).toBeLessThan(0);
    expect(field.at(0.82, 0.5)).toBeGreaterThan(0);
    expect(field.at(0.82, 0.545)).toBeLessThan(0);
  });
});

describe('drawTube', () => {
  it('covers each pixel of a bent tube exactly once', () => {
    const size = 200;
    const plane = { size, data: new Float32Array(size * size) };
    const line = Array.from({ length: 30 }, (_, i): Point => {
      const a = (i / 29) * Math.PI;
      return [0.5 - 0.3 * Math.cos(a), 0.7 - 0.3 * Math.sin(a)];
    });
    const flat = (): number => 1;
    const same = line.map(() => 0.05);
    drawTube(plane, { line, halfWidth: same, weight: line.map(() => 1), profile: flat });
    let wrong = 0;
    plane.data.forEach((value, i) => {
      const [x, y] = [((i % size) + 0.5) / size - 0.5, (Math.floor(i / size) + 0.5) / size - 0.7];
      const off = Math.abs(Math.hypot(x, y) - 0.3);
      if (y > -0.01) return;
      if (off < 0.046 && value !== 1) wrong += 1;
      if (off > 0.054 && value !== 0) wrong += 1;
    });
    expect(wrong).toBe(0);
  });

  it('draws a tube more faintly if it is thinner than a pixel', () => {
    const sums = [40, 80, 400].map((size) => {
      const plane = { size, data: new Float32Array(size * size) };
      drawTube(plane, {
        line: [
          [0.1, 0.503],
          [0.9, 0.512],
        ],
        halfWidth: [0.003, 0.003],
        weight: [1, 1],
        profile: () => 1,
      });
      return plane.data.reduce((sum, v) => sum + v, 0) / size ** 2;
    });
    for (const sum of sums) expect(Math.abs(sum / (0.8 * 0.006) - 1)).toBeLessThan(0.2);
  });
});
