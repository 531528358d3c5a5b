/** Makes smooth random planes, which give shaky boundaries and the texture of soft tissue in phantoms. */
import type { Random } from '../../models/random.ts';

/** A grid of columns × columns values, spread evenly over a square. */
export interface Lattice {
  readonly columns: number;
  readonly values: Float32Array;
}

/** A lattice of normally distributed values. */
export function randomLattice(columns: number, random: Random): Lattice {
  const values = new Float32Array(columns * columns);
  for (let i = 0; i < values.length; i += 1) values[i] = random.boundedNormal();
  return { columns, values };
}

/**
 * Adds amplitude · lattice to a size × size plane, interpolated between the lattice's points. The
 * outer points lie on the edges of the square.
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
