/**
 * Filled ellipses as Pillow draws them (`ImageDraw.ellipse(fill=1, outline=1)`); labelme uses them
 * for circles and points. Source: the `quarter_` and `ellipse_` functions of libImaging/Draw.c,
 * Pillow 13 (MIT-CMU licence).
 */
import { paintRow } from './polygon.ts';
import type { Mask } from './types.ts';

/**
 * Half the length of the chord in each row, by row, on a grid of half pixels with (0, 0) at the ellipse's
 * centre. Walks a quarter of the ellipse from its right end, each time to the neighbour nearest to the
 * curve.
 * @param a,b half the ellipse's width and half its height, in half pixels
 */
function chords(a: number, b: number): Map<number, number> {
  const deviation = (x: number, y: number) =>
    Math.abs(a * a * y * y + b * b * x * x - a * a * b * b);
  const rows = new Map<number, number>();
  let x = a;
  let y = b % 2;
  for (;;) {
    if (!rows.has(y)) rows.set(y, x);
    if (x === a % 2 && y === b) return rows;
    let next = [x, y + 2];
    if (x > 1) {
      let best = deviation(x, y + 2);
      const diagonal = deviation(x - 2, y + 2);
      if (best > diagonal) {
        next = [x - 2, y + 2];
        best = diagonal;
      }
      if (best > deviation(x - 2, y)) next = [x - 2, y];
    }
    [x, y] = next;
  }
}

/** Fills the ellipse inside the box from (x0, y0) to (x1, y1); both are cut to whole pixels. */
export function drawPilEllipse(
  mask: Mask,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
): void {
  const left = Math.trunc(x0);
  const top = Math.trunc(y0);
  const a = Math.trunc(x1) - left;
  const b = Math.trunc(y1) - top;
  // Pillow draws nothing for an ellipse of one pixel.
  if (a < 0 || b < 0 || a + b < 1) return;
  for (const [y, x] of chords(a, b)) {
    const from = left + (a - x) / 2;
    const to = left + (a + x) / 2;
    paintRow(mask, from, top + (b + y) / 2, to);
    paintRow(mask, from, top + (b - y) / 2, to);
  }
}
