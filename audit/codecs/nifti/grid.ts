/** Reads from the header of a NIfTI file where its pixels lie in space. Reference: nifti1.h, methods 2 and 3. */
import type { PixelGrid } from '../../imaging/types.ts';

/** Positions of the fields, by version of NIfTI, in bytes. */
const FIELDS = {
  1: { qform: 252, sform: 254, quaternion: 256, offset: 268, rows: 280, pixdim: 76 },
  2: { qform: 344, sform: 348, quaternion: 352, offset: 376, rows: 400, pixdim: 104 },
} as const;

type Columns = readonly (readonly number[])[];

/** The rotation of a unit quaternion (b, c, d), as three columns. */
function rotation([b, c, d]: readonly number[]): Columns {
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  return [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b],
  ];
}

/**
 * @param axes the file's axes of columns and rows, counted from 1
 * @returns the grid in the world of the file's sform, else of its qform; undefined if it states neither, or
 *   if an axis is not one of its three in space
 */
export function niftiGrid(
  view: DataView,
  version: 1 | 2,
  little: boolean,
  axes: readonly [number, number],
): PixelGrid | undefined {
  if (axes[1] > 3) return undefined;
  const at = FIELDS[version];
  const code = (place: number) =>
    version === 1 ? view.getInt16(place, little) : view.getInt32(place, little);
  const reals = (place: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      version === 1
        ? view.getFloat32(place + 4 * i, little)
        : view.getFloat64(place + 8 * i, little),
    );
  let columns: Columns;
  let origin: readonly number[];
  if (code(at.sform) > 0) {
    const rows = reals(at.rows, 12);
    const columnOf = (axis: number) => [rows[axis], rows[4 + axis], rows[8 + axis]];
    columns = [0, 1, 2].map(columnOf);
    origin = columnOf(3);
  } else if (code(at.qform) > 0) {
    const [factor, ...size] = reals(at.pixdim, 4);
    const turned = rotation(reals(at.quaternion, 3));
    columns = turned.map((column, axis) =>
      column.map((part) => part * size[axis] * (axis === 2 && factor < 0 ? -1 : 1)),
    );
    origin = reals(at.offset, 3);
  } else return undefined;
  const grid = { origin, column: columns[axes[0] - 1], row: columns[axes[1] - 1] };
  const isReal = Object.values(grid).flat().every(Number.isFinite);
  const isLong = [grid.column, grid.row].every((step) => Math.hypot(...step) > 0);
  return isReal && isLong ? grid : undefined;
}
