/** Smooths planes, for scattered radiation. */
import type { Lattice } from '../damage/lattice.ts';

/**
 * Averages a plane to columns × columns cells, then blurs the cells three times. Each time, a cell becomes
 * the mean of the cells that are at most `radius` away in x and in y.
 */
export function blurred(
  plane: Float32Array,
  size: number,
  columns: number,
  radius: number,
): Lattice {
  const sums = new Float32Array(columns * columns);
  const counts = new Float32Array(columns * columns);
  // About four samples per cell and direction are enough, because the cells are blurred afterwards.
  const stride = Math.max(1, Math.floor(size / columns / 4));
  for (let y = 0; y < size; y += stride) {
    const row = Math.floor((y * columns) / size) * columns;
    for (let x = 0; x < size; x += stride) {
      const cell = row + Math.floor((x * columns) / size);
      sums[cell] += plane[y * size + x];
      counts[cell] += 1;
    }
  }
  let values = sums.map((sum, i) => (counts[i] > 0 ? sum / counts[i] : 0));
  for (let pass = 0; pass < 3; pass += 1) {
    values = boxRows(boxRows(values, columns, radius), columns, radius);
  }
  return { columns, values };
}

/** A box blur along the rows, with a transposed result: two calls blur both directions. */
function boxRows(values: Float32Array, n: number, radius: number): Float32Array<ArrayBuffer> {
  const result = new Float32Array(n * n);
  for (let y = 0; y < n; y += 1) {
    for (let x = 0; x < n; x += 1) {
      let sum = 0;
      for (let k = -radius; k <= radius; k += 1) {
        sum += values[y * n + Math.min(Math.max(x + k, 0), n - 1)];
      }
      result[x * n + y] = sum / (2 * radius + 1);
    }
  }
  return result;
}
