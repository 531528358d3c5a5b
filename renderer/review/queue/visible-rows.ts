/** The rows in view of a long list whose rows have one height. Pure. */

/** Height of a row in CSS pixels. */
export const ROW_HEIGHT = 66;
/** Number of rows that are rendered beyond each edge of the view. */
const BEYOND = 3;

interface Slice {
  readonly first: number;
  /** Number of rows, `first` included. */
  readonly count: number;
}

/**
 * The rows to render. Their number depends on the height alone, at the ends of the list too: the list shows row
 * i in element i modulo that number, so another number would draw every row again.
 * @param top how far the list is scrolled, in CSS pixels
 */
export function sliceOf(top: number, height: number, total: number): Slice {
  const count = Math.min(total, Math.ceil(height / ROW_HEIGHT) + 1 + 2 * BEYOND);
  const wanted = Math.floor(top / ROW_HEIGHT) - BEYOND;
  return { first: Math.max(0, Math.min(wanted, total - count)), count };
}

/**
 * The indices of a slice in the order of their elements. Scrolling reuses elements: row i is shown by element i
 * modulo the number of elements.
 */
export function slotsOf({ first, count }: Slice): number[] {
  return Array.from({ length: count }, (_, i) => first + i).sort(
    (a, b) => (a % count) - (b % count),
  );
}

/**
 * The scroll position nearest to `top`, in CSS pixels, that shows the row at `index` and the rows beside it.
 */
export function scrolledTo(index: number, top: number, height: number, total: number): number {
  const margin = Math.min(ROW_HEIGHT, Math.max(0, (height - ROW_HEIGHT) / 2));
  const least = (index + 1) * ROW_HEIGHT + margin - height;
  const most = index * ROW_HEIGHT - margin;
  const wanted = Math.min(Math.max(top, least), most);
  return Math.max(0, Math.min(wanted, total * ROW_HEIGHT - height));
}
