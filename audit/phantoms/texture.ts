/** Smooth random planes, and planes made smooth: structure of soft tissue, scattered light. */
import type { Random } from '../../models/random.ts';

/** A lattice of columns × columns values, stretched over the unit square. */
export interface Lattice {
  readonly columns: number;
  readonly values: Float32Array;
}

/** A lattice of normal random values. */
export function randomLattice(columns: number, random: Random): Lattice {
  const values = new Float32Array(columns * columns);
  for (let i = 0; i < values.length; i += 1) values[i] = random.boundedNormal();
  return { columns, values };
}

/**
 * Adds amplitude · lattice to a size × size plane, interpolated between the lattice's points (its
 * outer points lie on the edges of the square).
 */
export function addLattice(
  plane: Float32Array,
  size: number,
  lattice: Lattice,
  amplitude: number,
): void {
  const { columns, values } = lattice;
  const index = new Int32Array(size);
  const share = new Float32Array(size);
  for (let i = 0; i < size; i += 1) {
    const at = ((i + 0.5) / size) * (columns - 1);
    index[i] = Math.min(Math.floor(at), columns - 2);
    const t = at - index[i];
    share[i] = t * t * (3 - 2 * t);
  }
  const row = new Float32Array(columns);
  for (let y = 0; y < size; y += 1) {
    const top = index[y] * columns;
    for (let c = 0; c < columns; c += 1) {
      const a = values[top + c];
      row[c] = amplitude * (a + (values[top + columns + c] - a) * share[y]);
    }
    for (let x = 0, i = y * size; x < size; x += 1, i += 1) {
      const a = row[index[x]];
      plane[i] += a + (row[index[x] + 1] - a) * share[x];
    }
  }
}

/** A plane averaged down to columns × columns and blurred by three box passes of ±radius cells. */
export function blurred(
  plane: Float32Array,
  size: number,
  columns: number,
  radius: number,
): Lattice {
  const sums = new Float32Array(columns * columns);
  const counts = new Float32Array(columns * columns);
  // A few samples a cell are enough for a blur.
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

/** A box blur along the rows, transposed on the way out: twice is both ways. */
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
