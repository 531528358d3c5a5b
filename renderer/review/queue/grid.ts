/** The cells in view of a long grid of pictures. Pure. Lengths are CSS pixels. */

/** Least width, and height, of a cell with the gap to the next. */
export const CELL = { width: 176, height: 208 } as const;
/** Number of rows of cells that are rendered beyond each edge of the view. */
const BEYOND = 1;

/** How many cells lie side by side. */
export const columnsOf = (width: number): number => Math.max(1, Math.floor(width / CELL.width));

/**
 * The cells to render. Their number stays while the grid scrolls, as that of the list's rows does (`sliceOf`).
 * @param top how far the grid is scrolled
 */
export function cellsIn(
  top: number,
  height: number,
  total: number,
  columns: number,
): { readonly first: number; readonly count: number } {
  const rows = Math.ceil(height / CELL.height) + 1 + 2 * BEYOND;
  const count = Math.min(total, rows * columns);
  const wanted = (Math.floor(top / CELL.height) - BEYOND) * columns;
  return { first: Math.max(0, Math.min(wanted, total - count)), count };
}

/** The scroll position nearest to `top` that shows the cell at `index` whole. */
export function scrolledToCell(
  index: number,
  top: number,
  height: number,
  columns: number,
): number {
  const row = Math.floor(index / columns) * CELL.height;
  return Math.max(0, Math.min(row, Math.max(row + CELL.height - height, top)));
}
