/** The rows in view of a long list whose rows have one height. Pure. */

/** CSS pixels. */
export const ROW_HEIGHT = 66;
/** Rows rendered beyond each edge. */
const BEYOND = 3;

interface Slice {
  readonly first: number;
  /** Rows from `first` on. */
  readonly count: number;
}

/** @param top how far the list is scrolled, in CSS pixels */
export function sliceOf(top: number, height: number, total: number): Slice {
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - BEYOND);
  const last = Math.min(total, Math.ceil((top + height) / ROW_HEIGHT) + BEYOND);
  return { first, count: Math.max(0, last - first) };
}

/** The nearest scroll position, in CSS pixels, that shows a row with its neighbours. */
export function scrolledTo(index: number, top: number, height: number, total: number): number {
  const margin = Math.min(ROW_HEIGHT, Math.max(0, (height - ROW_HEIGHT) / 2));
  const least = (index + 1) * ROW_HEIGHT + margin - height;
  const most = index * ROW_HEIGHT - margin;
  const wanted = Math.min(Math.max(top, least), most);
  return Math.max(0, Math.min(wanted, total * ROW_HEIGHT - height));
}
